package org.djlrunner.schedule;

import java.util.List;

/**
 * The base for the first part of the run, then half a cosine wave to the target.
 *
 * @param startPercent the share of the run, 0 to 1, before the wave begins, rounded to whole epochs
 *     or iterations, halves to the even one; MMCV's default is 0.75
 * @param target where it goes
 */
public record FlatCosineAnnealing(double startPercent, Target target) implements LrPolicy {
  /** Rejects shares outside 0 to 1. */
  public FlatCosineAnnealing {
    if (!(startPercent >= 0 && startPercent <= 1)) {
      throw new IllegalArgumentException("start_percent must be 0 to 1, got " + startPercent);
    }
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled(this::value);
  }

  private double value(double base, Position at) {
    double start = Math.rint(at.known() * startPercent);
    if (at.done() < start) {
      return base;
    }
    double fraction = Math.min((at.done() - start) / (at.known() - start), 1);
    return Annealing.COS.between(base, target.of(base), fraction);
  }
}
