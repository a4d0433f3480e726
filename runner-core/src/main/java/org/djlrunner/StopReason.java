package org.djlrunner;

/** Why a run ended without a failure. */
public sealed interface StopReason {
  /** The epoch or iteration limit was reached. */
  record LimitReached() implements StopReason {
    @Override
    public String toString() {
      return "limit reached";
    }
  }

  /**
   * A hook, or someone with the runner at hand, asked for the end.
   *
   * @param reason their words
   */
  record Requested(String reason) implements StopReason {
    @Override
    public String toString() {
      return "stop requested: " + reason;
    }
  }
}
