package org.djlrunner;

/**
 * What a flow does with its batches.
 *
 * @param name the word used in a config's workflow, such as {@code train} or {@code val}
 */
public record Mode(String name) {
  /** Forward, backward and update; advances the iteration counter. */
  public static final Mode TRAIN = new Mode("train");

  /** Forward only, in evaluation mode, without gradients; never advances a training counter. */
  public static final Mode VAL = new Mode("val");

  /** Rejects a blank name. */
  public Mode {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a mode needs a name, such as 'train' or 'val'");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
