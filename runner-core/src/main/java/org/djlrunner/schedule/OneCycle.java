package org.djlrunner.schedule;

import java.util.List;
import java.util.OptionalInt;

/**
 * One rise to the largest rate and one fall to nearly nothing; counts iterations.
 *
 * <p>Rates go from {@code maxLr / divFactor} to {@code maxLr} and, with three phases over the
 * initial rate again, to {@code maxLr / divFactor / finalDivFactor}. What the optimizer was built
 * with plays no part, and neither do factors of parameter groups: give {@code maxLr} by group.
 *
 * @param maxLr the peak
 * @param totalSteps iterations that the cycle is laid out for, at least the run's; empty (MMCV's
 *     default) for the run's own
 * @param pctStart the share of the run, 0 to 1, that rises; MMCV's default is 0.3
 * @param annealing the way up and down
 * @param divFactor peak over initial rate, not 0; MMCV's default is 25
 * @param finalDivFactor initial over final rate, not 0; MMCV's default is 1e4
 * @param threePhase whether it falls in two phases, the first as long as the rise
 */
public record OneCycle(
    PerGroup maxLr,
    OptionalInt totalSteps,
    double pctStart,
    Annealing annealing,
    double divFactor,
    double finalDivFactor,
    boolean threePhase)
    implements LrPolicy {
  /** Rejects shares outside 0 to 1 and divisions by 0. */
  public OneCycle {
    Phases.requireShare(pctStart);
    if (divFactor == 0 || finalDivFactor == 0) {
      throw new IllegalArgumentException("div_factor and final_div_factor must not be 0");
    }
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    List<Double> bases = maxLr.of(groups).stream().map(peak -> peak / divFactor).toList();
    return new GroupBases(groups.names(), bases).scaled(this::value);
  }

  @Override
  public void check(double total) {
    if (totalSteps.isPresent() && totalSteps.getAsInt() < total) {
      throw new IllegalArgumentException(
          String.format(
              "total_steps is %d, but the run has %s iterations",
              totalSteps.getAsInt(), Lengths.text(total)));
    }
  }

  private double value(double base, Position at) {
    double total = totalSteps.isPresent() ? totalSteps.getAsInt() : at.known();
    double peak = base * divFactor;
    double last = base * (1 / finalDivFactor);
    double[] levels =
        threePhase ? new double[] {base, peak, base, last} : new double[] {base, peak, last};
    return Phases.value(at.done(), Phases.ends(pctStart, total, threePhase), levels, annealing);
  }
}
