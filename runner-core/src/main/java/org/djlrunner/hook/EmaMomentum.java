package org.djlrunner.hook;

/**
 * How fast an average of weights follows them, as a pure function of the iteration.
 *
 * <p>A rate is the share of the present weights in the new average. Where only every n-th iteration
 * is averaged, a momentum m stands for {@code 1 - (1 - m)^n}: the average then moves as far as n
 * updates with m would.
 */
public sealed interface EmaMomentum {
  /**
   * The rate of an update.
   *
   * @param iter finished training iterations before the one at hand, from 0
   * @param interval iterations from one update to the next, at least 1
   */
  double rate(int iter, int interval);

  /**
   * A constant momentum with a warm-up, as MMCV's {@code EMAHook}: the lesser of the momentum and
   * {@code (1 + iter) / (warmUp + iter)}.
   *
   * @param momentum above 0, below 1
   * @param warmUp iterations at whose number the bound begins, 0 or more; 0 for none
   */
  record Linear(double momentum, int warmUp) implements EmaMomentum {
    /** Rejects options out of range. */
    public Linear {
      checkMomentum(momentum);
      if (warmUp < 0) {
        throw new IllegalArgumentException("warm_up must be 0 or more, got " + warmUp);
      }
    }

    @Override
    public double rate(int iter, int interval) {
      double constant = overInterval(momentum, interval);
      return warmUp == 0 ? constant : Math.min(constant, (1.0 + iter) / (warmUp + iter));
    }
  }

  /**
   * A momentum that falls from 1 to its value: {@code (1 - m) * exp(-(1 + iter) / totalIter) + m},
   * as MMDetection's {@code ExpMomentumEMAHook}.
   *
   * @param momentum above 0, below 1
   * @param totalIter time constant in iterations, at least 1
   */
  record Exponential(double momentum, int totalIter) implements EmaMomentum {
    /** Rejects options out of range. */
    public Exponential {
      checkMomentum(momentum);
      if (totalIter < 1) {
        throw new IllegalArgumentException("total_iter must be at least 1, got " + totalIter);
      }
    }

    @Override
    public double rate(int iter, int interval) {
      double constant = overInterval(momentum, interval);
      return (1 - constant) * Math.exp(-(1.0 + iter) / totalIter) + constant;
    }
  }

  /**
   * A momentum that is annealed: the greater of the momentum and {@code gamma / (gamma + iter)}, as
   * MMEngine's {@code MomentumAnnealingEMA}.
   *
   * @param momentum above 0, below 1
   * @param gamma iterations after which the rate is one half, at least 1
   */
  record Annealing(double momentum, int gamma) implements EmaMomentum {
    /** Rejects options out of range. */
    public Annealing {
      checkMomentum(momentum);
      if (gamma < 1) {
        throw new IllegalArgumentException("gamma must be at least 1, got " + gamma);
      }
    }

    @Override
    public double rate(int iter, int interval) {
      return Math.max(overInterval(momentum, interval), gamma / ((double) gamma + iter));
    }
  }

  /**
   * The plain mean of the weights from an iteration on, each with the same share, as MMEngine's
   * {@code StochasticWeightAverage}: {@code 1 / (1 + n)} after n updates. Before that iteration the
   * average is the weights themselves.
   *
   * @param beginIter the iteration whose weights are the first of the mean, 0 or more; a multiple
   *     of the interval
   */
  record Mean(int beginIter) implements EmaMomentum {
    /** Rejects iterations that there are not. */
    public Mean {
      if (beginIter < 0) {
        throw new IllegalArgumentException("begin_iter must be 0 or more, got " + beginIter);
      }
    }

    @Override
    public double rate(int iter, int interval) {
      return iter < beginIter ? 1 : 1.0 / (1 + (iter - beginIter) / interval);
    }
  }

  private static void checkMomentum(double momentum) {
    if (!(momentum > 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must lie between 0 and 1, got " + momentum);
    }
  }

  private static double overInterval(double momentum, int interval) {
    // The difference from 1 would cost a small momentum its last digits.
    return interval == 1 ? momentum : -Math.expm1(interval * Math.log1p(-momentum));
  }
}
