package org.djlrunner.schedule;

import org.djlrunner.Every;
import org.jspecify.annotations.Nullable;

/**
 * A momentum for every point of a run, in closed form.
 *
 * @param policy the shape
 * @param unit what the policy counts: epochs or iterations
 * @param warmup a start with more momentum, null for none; it divides the momentum, up to {@link
 *     #MOST_WARM}
 */
public record MomentumSchedule(MomentumPolicy policy, Every.Unit unit, @Nullable Warmup warmup)
    implements Schedule {
  /**
   * What a warm-up raises a momentum to at most, unless the policy itself goes higher: with 1 or
   * more SGD never forgets a gradient, and Adam divides by 0.
   */
  public static final double MOST_WARM = 0.99;

  /** A schedule without warm-up. */
  public MomentumSchedule(MomentumPolicy policy, Every.Unit unit) {
    this(policy, unit, null);
  }

  @Override
  public String section() {
    return "momentum_config";
  }

  @Override
  public double warm(double value, double factor) {
    return Math.min(value / factor, Math.max(value, MOST_WARM));
  }
}
