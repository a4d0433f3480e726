package org.djlrunner.schedule;

/** Phases of a value, one after the other, as the one-cycle policies have them. */
final class Phases {
  private Phases() {}

  /**
   * The ends of a cycle's phases, in iterations: the peak, with three phases the return from it,
   * and the run's last iteration.
   */
  static double[] ends(double pctStart, double total, boolean threePhase) {
    double peak = pctStart * total - 1;
    return threePhase
        ? new double[] {peak, 2 * pctStart * total - 2, total - 1}
        : new double[] {peak, total - 1};
  }

  /**
   * The value at an iteration; beyond the last end, what it is there.
   *
   * @param ends where each phase ends
   * @param levels the value at the start, and at each end
   */
  static double value(int iter, double[] ends, double[] levels, Annealing annealing) {
    double at = Math.min(iter, ends[ends.length - 1]);
    double start = 0;
    int phase = 0;
    while (at > ends[phase]) {
      start = ends[phase++];
    }
    double length = ends[phase] - start;
    if (length == 0) {
      throw new IllegalArgumentException(
          "the rise ends where it begins, since pct_start times the total steps is 1; choose"
              + " another pct_start");
    }
    return annealing.between(levels[phase], levels[phase + 1], (at - start) / length);
  }

  static void requireShare(double pctStart) {
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new IllegalArgumentException("pct_start must be 0 to 1, got " + pctStart);
    }
  }
}
