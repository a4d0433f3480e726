package org.djlrunner.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The counterpart of {@link OneCycle}: down while the rate rises, up again while it falls; counts
 * iterations. What the optimizer was built with plays no part.
 *
 * @param base the momentum at the rate's peak; MMCV's default is 0.85
 * @param max the momentum at start and end; MMCV's default is 0.95
 * @param pctStart the share of the run, 0 to 1, that falls; MMCV's default is 0.3
 * @param annealing the way down and up
 * @param threePhase whether it is back as early as it came down, and stays
 */
public record OneCycleMomentum(
    PerGroup base, PerGroup max, double pctStart, Annealing annealing, boolean threePhase)
    implements MomentumPolicy {
  /** Rejects shares outside 0 to 1. */
  public OneCycleMomentum {
    Phases.requireShare(pctStart);
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    List<Double> lows = base.of(groups);
    List<Double> highs = max.of(groups);
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < lows.size(); i++) {
      double low = lows.get(i);
      double high = highs.get(i);
      double[] levels =
          threePhase ? new double[] {high, low, high, high} : new double[] {high, low, high};
      curves.add(
          at ->
              Phases.value(
                  at.done(), Phases.ends(pctStart, at.known(), threePhase), levels, annealing));
    }
    return curves;
  }
}
