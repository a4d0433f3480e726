package org.djlrunner.djl.profile;

/**
 * Which iterations of a profile are recorded, as PyTorch's {@code torch.profiler.schedule} has it:
 * some are passed over once, then rounds of waiting, warming up and recording follow each other.
 *
 * @param skipFirst iterations passed over at the start, 0 or more
 * @param pause iterations that a round passes over, PyTorch's {@code wait}, 0 or more
 * @param warmup iterations before recording in which the profiler gets ready, 0 or more
 * @param active iterations that a round records in one trace, 1 or more
 * @param repeat rounds, 0 for as many as there is time for
 */
public record ProfileSchedule(int skipFirst, int pause, int warmup, int active, int repeat) {
  /** What happens to an iteration. */
  public enum Action {
    /** Nothing. */
    NONE,
    /** The profiler gets ready. */
    WARMUP,
    /** It is recorded. */
    RECORD,
    /** It is the last one of a trace. */
    RECORD_AND_SAVE
  }

  /** Records each iteration, in one trace. */
  public static final ProfileSchedule ALWAYS = new ProfileSchedule(0, 0, 0, Integer.MAX_VALUE, 1);

  /** Rejects rounds without recording, and negative counts. */
  public ProfileSchedule {
    check("skip_first", skipFirst, 0);
    check("wait", pause, 0);
    check("warmup", warmup, 0);
    check("active", active, 1);
    check("repeat", repeat, 0);
  }

  /**
   * What to do with an iteration.
   *
   * @param step iterations since the profile's start, from 0
   */
  public Action action(long step) {
    long since = step - skipFirst;
    long round = (long) pause + warmup + active;
    if (since < 0 || (repeat > 0 && since >= repeat * round)) {
      return Action.NONE;
    }
    long within = since % round;
    if (within < pause) {
      return Action.NONE;
    }
    if (within < (long) pause + warmup) {
      return Action.WARMUP;
    }
    return within < round - 1 ? Action.RECORD : Action.RECORD_AND_SAVE;
  }

  private static void check(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
    }
  }
}
