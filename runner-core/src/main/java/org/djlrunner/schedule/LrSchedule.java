package org.djlrunner.schedule;

import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.jspecify.annotations.Nullable;

/**
 * A learning rate for every point of a run, in closed form: no state, so resuming and previewing
 * are free.
 *
 * @param policy the shape
 * @param unit what the policy counts: epochs or iterations
 * @param warmup a gentle start, null for none
 */
public record LrSchedule(LrPolicy policy, Every.Unit unit, @Nullable Warmup warmup) {
  /** A schedule without warm-up. */
  public LrSchedule(LrPolicy policy, Every.Unit unit) {
    this(policy, unit, null);
  }

  /** The learning rate of the training iteration at hand for a group with this base rate. */
  public double lr(double baseLr, Progress progress) {
    int done = unit == Every.Unit.EPOCH ? progress.epoch() : progress.iter();
    double lr = policy.lr(baseLr, done);
    return warmup == null ? lr : lr * warmup.factor(progress);
  }
}
