package org.djlrunner.hook;

/**
 * What to do when a loss or a gradient is NaN or infinite.
 *
 * @param policy what to do
 * @param maxSkips for {@code SKIP} the updates that may be left out in a row, for {@code RESTORE}
 *     how often in a row the model may be put back, 1 or more
 * @param interval iterations between two looks at the losses, 1 or more; each look reads the
 *     device, so let it be that of the logger, which then finds its values read; no matter for
 *     {@code SKIP}, which looks at each update
 */
public record NonFinite(Policy policy, int maxSkips, int interval) {
  /** The looks at losses, unless said otherwise: as often as loggers write. */
  public static final int DEFAULT_INTERVAL = 10;

  /** Skips or restores in a row, unless said otherwise. */
  public static final int DEFAULT_MAX_SKIPS = 10;

  /** Nothing is done here; the logger points out the first such loss. */
  public static final NonFinite IGNORED = of(Policy.WARN);

  /** The answers to a loss or gradient that is not finite. */
  public enum Policy {
    /** Go on; the logger writes a warning. */
    WARN,
    /** End the run with an error that names iteration and batch. */
    FAIL,
    /** Leave the update out, a few times in a row; waits for the device at each update. */
    SKIP,
    /** End the run in order: with a reason, and its last files. */
    STOP,
    /** Put the model back to where losses were finite, and go on with the next batch. */
    RESTORE
  }

  /** Rejects counts below 1. */
  public NonFinite {
    if (maxSkips < 1) {
      throw new IllegalArgumentException("nonfinite.max_skips must be at least 1, got " + maxSkips);
    }
    if (interval < 1) {
      throw new IllegalArgumentException("nonfinite.interval must be at least 1, got " + interval);
    }
  }

  /** A policy with the default counts. */
  public static NonFinite of(Policy policy) {
    return new NonFinite(policy, DEFAULT_MAX_SKIPS, DEFAULT_INTERVAL);
  }
}
