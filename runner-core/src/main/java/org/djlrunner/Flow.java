package org.djlrunner;

/**
 * One entry of a workflow: a mode and how often it runs before the next entry's turn.
 *
 * @param mode what to do
 * @param count how many epochs (epoch-based runner) or iterations (iteration-based runner), 0 or
 *     more
 */
public record Flow(Mode mode, int count) {
  /** Rejects a negative count. */
  public Flow {
    if (count < 0) {
      throw new IllegalArgumentException(
          "a flow's count must be 0 or more, got (" + mode + ", " + count + ")");
    }
  }

  /** A training flow of {@code count} epochs or iterations. */
  public static Flow train(int count) {
    return new Flow(Mode.TRAIN, count);
  }

  /** A validation flow of {@code count} epochs or iterations. */
  public static Flow val(int count) {
    return new Flow(Mode.VAL, count);
  }

  @Override
  public String toString() {
    return "(" + mode + ", " + count + ")";
  }
}
