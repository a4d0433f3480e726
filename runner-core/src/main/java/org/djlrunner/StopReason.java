package org.djlrunner;

import java.time.Duration;
import java.util.Locale;

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

  /**
   * The run took as long as it may.
   *
   * @param limit how long that is
   */
  record TimeUp(Duration limit) implements StopReason {
    @Override
    public String toString() {
      return "time is up: " + limit.toString().substring(2).toLowerCase(Locale.ROOT);
    }
  }

  /** The thread of the run was interrupted; its interrupt is set again when the run returns. */
  record Interrupted() implements StopReason {
    @Override
    public String toString() {
      return "interrupted";
    }
  }
}
