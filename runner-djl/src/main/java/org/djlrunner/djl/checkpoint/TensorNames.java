package org.djlrunner.djl.checkpoint;

/**
 * How tensors are called in a checkpoint: weights by their state-dict names, all else behind one of
 * these.
 *
 * <p>So {@code torch.load}-like readers that look for weights find them, and what is not theirs
 * holds a slash, or begins with {@code raw.}
 */
final class TensorNames {
  /**
   * What precedes a parameter's name where the file holds its value in training, beside the average
   * that goes by the plain name.
   */
  static final String IN_TRAINING = "raw.";

  /** Precedes {@code OPTIMIZER/STATE/PARAMETER}. */
  static final String OPTIMIZER = "optimizer/";

  /** Precedes the name of a parameter whose gradient waits for the rest of its window. */
  static final String GRADIENT = "gradient/";

  private TensorNames() {}

  /** A state of an optimizer. */
  static String state(String optimizer, String state, String parameter) {
    return OPTIMIZER + optimizer + "/" + state + "/" + parameter;
  }

  /** Whether a tensor is neither a weight nor a value in training. */
  static boolean isOther(String name) {
    return name.startsWith(OPTIMIZER) || name.startsWith(GRADIENT);
  }
}
