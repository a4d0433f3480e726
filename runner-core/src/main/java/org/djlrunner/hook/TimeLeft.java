package org.djlrunner.hook;

import java.util.OptionalDouble;
import org.djlrunner.Progress;

/**
 * Estimates the time to the end of a run from what its iterations really took.
 *
 * <p>Elapsed time by iteration, not the sum of step times: evaluation and saving take their share.
 * A run that goes on counts its own iterations only, not those that another run has done.
 */
public final class TimeLeft {
  private final int startIter;
  private final long startNanos;

  private TimeLeft(int startIter, long startNanos) {
    this.startIter = startIter;
    this.startNanos = startNanos;
  }

  /** Begins to measure, at {@code before_run}. */
  public static TimeLeft begin(HookContext context) {
    return new TimeLeft(context.progress().iter(), context.ticker().nanos());
  }

  /**
   * Seconds to the end, within a training iteration; never below 0, and empty where the run's
   * length is unknown.
   */
  public OptionalDouble seconds(HookContext context) {
    Progress progress = context.progress();
    if (progress.maxIters().isEmpty()) {
      return OptionalDouble.empty();
    }
    int done = progress.iter() + 1 - startIter;
    int left = Math.max(0, progress.maxIters().getAsInt() - progress.iter() - 1);
    double elapsed = Math.max(0, (context.ticker().nanos() - startNanos) / 1e9);
    return OptionalDouble.of(elapsed / done * left);
  }
}
