package org.djlrunner.schedule;

import java.util.List;

/**
 * Cycles of equal length, each up from the base and then down; counts iterations.
 *
 * <p>Cycle c goes from the base to {@code base * (1 - s + high * s)} with {@code s = gamma^c}, so
 * only the peak decays, and from there to {@code base * low}. A rest of the run that is shorter
 * than a cycle begins one more.
 *
 * @param high the first peak as a multiple of the base; MMCV's default is 10
 * @param low the end of each cycle as a multiple of the base; MMCV's default is 1e-4
 * @param times cycles in the run, at least 1 and at most its iterations; MMCV's default is 1
 * @param upRatio the share of a cycle that goes up, rounded down, 0 or more and below 1; MMCV's
 *     default is 0.4
 * @param annealing the way up and down
 * @param gamma how the peak decays from cycle to cycle; MMCV's default is 1, not at all
 */
public record Cyclic(
    double high, double low, int times, double upRatio, Annealing annealing, double gamma)
    implements LrPolicy, MomentumPolicy {
  /** Rejects what makes no cycles. */
  public Cyclic {
    if (times < 1) {
      throw new IllegalArgumentException("cyclic_times must be at least 1, got " + times);
    }
    if (!(upRatio >= 0 && upRatio < 1)) {
      throw new IllegalArgumentException(
          "step_ratio_up must be 0 or more and below 1, got " + upRatio);
    }
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled(this::value);
  }

  @Override
  public void check(double total) {
    if (times > total) {
      throw new IllegalArgumentException(
          String.format(
              "cyclic_times is %d, but the run has only %s iterations",
              times, Lengths.text(total)));
    }
  }

  private double value(double base, Position at) {
    check(at.total());
    int length = (int) (at.known() / times);
    int up = (int) (upRatio * length);
    int cycle = at.done() / length;
    int within = at.done() - cycle * length;
    double scale = Math.pow(gamma, cycle);
    double peak = base * (1 - scale + high * scale);
    return within < up
        ? annealing.between(base, peak, (double) within / up)
        : annealing.between(peak, base * low, (double) (within - up) / (length - up));
  }
}
