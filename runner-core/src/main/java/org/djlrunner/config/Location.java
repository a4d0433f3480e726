package org.djlrunner.config;

/**
 * Where a value was written.
 *
 * @param source the file as the user named it, or what stands in for a file, such as {@code
 *     --cfg-options}
 * @param line the line, counted from 1; 0 where the source has no lines
 */
public record Location(String source, int line) {

  /** The source of values that came from {@link Config#with(java.util.List)}. */
  public static final String OVERRIDES = "--cfg-options";

  /** The source of values that came from {@link Config#with(String, Object)}. */
  public static final String COMMAND_LINE = "command line";

  /** Returns {@code quickstart.yaml:12}, or the bare source where there are no lines. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
