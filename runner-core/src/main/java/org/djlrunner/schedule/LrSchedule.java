package org.djlrunner.schedule;

import org.djlrunner.Every;
import org.jspecify.annotations.Nullable;

/**
 * A learning rate for every point of a run, in closed form: no state, so resuming and previewing
 * are free.
 *
 * @param policy the shape
 * @param unit what the policy counts: epochs or iterations
 * @param warmup a gentle start, null for none; it multiplies the rate
 */
public record LrSchedule(LrPolicy policy, Every.Unit unit, @Nullable Warmup warmup)
    implements Schedule, LrPlan {
  /** A schedule without warm-up. */
  public LrSchedule(LrPolicy policy, Every.Unit unit) {
    this(policy, unit, null);
  }

  @Override
  public String section() {
    return "lr_config";
  }

  @Override
  public double warm(double value, double factor) {
    return value * factor;
  }
}
