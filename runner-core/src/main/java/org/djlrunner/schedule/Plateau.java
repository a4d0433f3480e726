package org.djlrunner.schedule;

import org.djlrunner.metric.Watched;
import org.jspecify.annotations.Nullable;

/**
 * Rates that fall when a value stops getting better, as PyTorch's {@code ReduceLROnPlateau} has it.
 *
 * @param monitor the value: a result of evaluations, such as {@code loss}, or with {@code train/}
 *     in front the mean of a value that training logs
 * @param mode whether small or large values are good; default MIN
 * @param factor on the rate at a reduction, below 1; default 0.1
 * @param patience values in a row that may be no better before a reduction, 0 or more; default 10
 * @param threshold how much better than the best a value must be to count; default 1e-4
 * @param thresholdMode whether {@code threshold} is a share of the best or an amount; default REL
 * @param cooldown values after a reduction that don't count against patience; default 0
 * @param minLr lower bound of each group's rate; default 0
 * @param eps reductions by no more than this are left out; default 1e-8
 * @param warmup a gentle start, null for none
 * @param interval for a value of training: iterations that each mean is over, 0 for an epoch's
 */
public record Plateau(
    String monitor,
    Mode mode,
    double factor,
    int patience,
    double threshold,
    ThresholdMode thresholdMode,
    int cooldown,
    PerGroup minLr,
    double eps,
    @Nullable Warmup warmup,
    int interval)
    implements LrPlan {
  /** What leads the name of a value of training. */
  public static final String TRAIN = Watched.TRAIN;

  /** Which values are good. */
  public enum Mode {
    /** Small ones, such as losses. */
    MIN,
    /** Large ones, such as accuracies. */
    MAX
  }

  /** What the threshold means. */
  public enum ThresholdMode {
    /** A share of the best value. */
    REL,
    /** An amount. */
    ABS
  }

  /** Rejects factors that don't reduce and negative counts. */
  public Plateau {
    new Watched(monitor, interval);
    if (!(factor < 1)) {
      throw new IllegalArgumentException("factor must be below 1, got " + factor);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("patience must be 0 or more, got " + patience);
    }
    if (cooldown < 0) {
      throw new IllegalArgumentException("cooldown must be 0 or more, got " + cooldown);
    }
  }

  /** PyTorch's defaults. */
  public static Plateau of(String monitor, Mode mode) {
    return new Plateau(
        monitor, mode, 0.1, 10, 1e-4, ThresholdMode.REL, 0, new PerGroup.Same(0), 1e-8, null, 0);
  }

  /** What it watches. */
  public Watched watched() {
    return new Watched(monitor, interval);
  }

  /** Whether it watches training instead of evaluations. */
  public boolean watchesTraining() {
    return watched().isOfTraining();
  }

  /** The value's name where it is logged. */
  public String key() {
    return watched().key();
  }

  /** The factor of a warm-up on the rates. */
  public double warmupFactor(Moment at) {
    return warmup == null ? 1 : warmup.factor(at);
  }

  /** The rate after a reduction. */
  public double reduced(double rate, double least) {
    double lower = Math.max(rate * factor, least);
    return rate - lower > eps ? lower : rate;
  }

  boolean isBetter(double value, double best) {
    boolean relative = thresholdMode == ThresholdMode.REL;
    return mode == Mode.MIN
        ? value < (relative ? best * (1 - threshold) : best - threshold)
        : value > (relative ? best * (1 + threshold) : best + threshold);
  }
}
