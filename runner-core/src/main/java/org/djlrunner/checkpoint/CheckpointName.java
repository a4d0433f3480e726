package org.djlrunner.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How files are named after the count of epochs or iterations: a text with {@code {}} in its place,
 * such as {@code epoch_{}}.
 *
 * @param template the name without an ending
 */
public record CheckpointName(String template) {
  private static final String COUNT = "{}";
  private static final Pattern WITH_ENDING =
      Pattern.compile("(.*\\{}.*?)(\\.[A-Za-z][A-Za-z0-9]*)?");

  /**
   * A template in MMCV's words: an ending such as {@code .pth} is dropped, since the ending is that
   * of the files' format.
   *
   * @throws IllegalArgumentException if there isn't exactly one place for the count, or if it names
   *     no file in the folder itself
   */
  public CheckpointName {
    if (template.indexOf(COUNT) < 0 || template.indexOf(COUNT) != template.lastIndexOf(COUNT)) {
      throw new IllegalArgumentException(
          "must hold {} once, where the count goes, as in epoch_{}.pth; got '" + template + "'");
    }
    if (template.startsWith(".") || template.matches(".*[/\\\\\\x00-\\x1f].*")) {
      throw new IllegalArgumentException(
          "must be the name of a file, without folders and not hidden; got '"
              + template
              + "'; folders are for out_dir");
    }
    if (BestFiles.isName(template)) {
      throw new IllegalArgumentException(
          "begins like the names of best files, which it must not; got '" + template + "'");
    }
    Matcher matcher = WITH_ENDING.matcher(template);
    template = matcher.matches() ? matcher.group(1) : template;
  }

  /** The name of a count, without an ending. */
  public String of(int count) {
    return template.replace(COUNT, Integer.toString(count));
  }
}
