package org.djlrunner.spi;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How the weights of a file find their places in a model.
 *
 * @param strict whether every weight must be there and fit, as after a training of the same model;
 *     else what fits is taken, as for a network with a new head
 * @param reviseKeys applied to each name in the file, one after the other
 * @param prefix only weights whose revised names begin with this and a dot count, without it; empty
 *     for all weights
 */
public record WeightLoading(boolean strict, List<Revision> reviseKeys, String prefix) {
  /** All weights of the same model; a leading {@code module.} is no part of their names. */
  public static final WeightLoading STRICT =
      new WeightLoading(true, List.of(Revision.WITHOUT_MODULE), "");

  /** What fits; a leading {@code module.} is no part of the names. */
  public static final WeightLoading LENIENT =
      new WeightLoading(false, List.of(Revision.WITHOUT_MODULE), "");

  /** Copies the list. */
  public WeightLoading {
    reviseKeys = List.copyOf(reviseKeys);
  }

  /**
   * Rewrites names, as Python's {@code re.sub} does.
   *
   * @param pattern replaced wherever it is found in a name
   * @param replacement {@code \1} or {@code $1} stands for the first group
   */
  public record Revision(Pattern pattern, String replacement) {
    /** Takes off what PyTorch's parallel wrappers put in front. */
    public static final Revision WITHOUT_MODULE = of("^module\\.", "");

    /**
     * A revision.
     *
     * @throws IllegalArgumentException if the pattern is no regular expression, or the replacement
     *     names a group that it lacks; the message says where
     */
    public static Revision of(String pattern, String replacement) {
      Pattern compiled = Pattern.compile(pattern);
      String ours = replacement.replaceAll("\\\\([0-9])", "\\$$1");
      try {
        Pattern.compile(pattern + "|").matcher("").replaceFirst(ours);
      } catch (IndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "'" + replacement + "' names a group that '" + pattern + "' doesn't have", e);
      }
      return new Revision(compiled, ours);
    }
  }

  /** Whether a name, revised, is one of a weight that counts. */
  public boolean counts(String revised) {
    return prefix.isEmpty() || revised.startsWith(prefix + ".");
  }

  /** The name in the model of what a file calls {@code stored}, prefix included. */
  public String revise(String stored) {
    String name = stored;
    for (Revision revision : reviseKeys) {
      name = revision.pattern().matcher(name).replaceAll(revision.replacement());
    }
    return name;
  }

  /** A revised name that {@link #counts}, without the prefix. */
  public String withoutPrefix(String revised) {
    return prefix.isEmpty() ? revised : revised.substring(prefix.length() + 1);
  }
}
