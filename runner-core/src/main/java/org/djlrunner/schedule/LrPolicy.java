package org.djlrunner.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a learning-rate schedule: a pure function of a base rate and of progress.
 *
 * <p>Progress is a count of finished epochs or iterations, from 0. Formulas and option names are
 * those of MMCV's {@code lr_config}.
 */
public sealed interface LrPolicy {
  /** The learning rate after {@code done} epochs or iterations. */
  double lr(double baseLr, int done);

  /** The base rate throughout. */
  record Fixed() implements LrPolicy {
    @Override
    public double lr(double baseLr, int done) {
      return baseLr;
    }
  }

  /**
   * The base rate times {@code gamma^k}, with k the number of steps behind.
   *
   * @param steps either the ends of the plateaus, each above 0, or a single period that repeats
   *     without end if {@code periodic}
   * @param periodic whether {@code steps} holds a period instead of ends
   * @param gamma factor of each step; MMCV's default is 0.1
   * @param minLr lower bound, null for none
   */
  record Step(List<Integer> steps, boolean periodic, double gamma, @Nullable Double minLr)
      implements LrPolicy {
    /** Rejects steps that are not above 0. */
    public Step {
      steps = List.copyOf(steps);
      if (periodic && steps.size() != 1) {
        throw new IllegalArgumentException("a periodic step policy has one period, got " + steps);
      }
      if (steps.stream().anyMatch(step -> step <= 0)) {
        throw new IllegalArgumentException("steps must be above 0, got " + steps);
      }
    }

    /** Multiplies by 0.1 at each of these epochs or iterations. */
    public static Step at(Integer... steps) {
      return new Step(List.of(steps), false, 0.1, null);
    }

    /** Multiplies by {@code gamma} every {@code period} epochs or iterations. */
    public static Step every(int period, double gamma) {
      return new Step(List.of(period), true, gamma, null);
    }

    @Override
    public double lr(double baseLr, int done) {
      double lr = baseLr * Math.pow(gamma, stepsBehind(done));
      return minLr == null ? lr : Math.max(lr, minLr);
    }

    private int stepsBehind(int done) {
      if (periodic) {
        return done / steps.get(0);
      }
      // MMCV stops at the first end not yet reached, also when the list is not ascending.
      for (int k = 0; k < steps.size(); k++) {
        if (done < steps.get(k)) {
          return k;
        }
      }
      return steps.size();
    }
  }
}
