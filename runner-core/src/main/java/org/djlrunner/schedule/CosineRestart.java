package org.djlrunner.schedule;

import java.util.List;

/**
 * Half a cosine wave after the other, each from its share of the base down to the target.
 *
 * @param periods lengths of the waves, 0 or more, together at least as long as the run
 * @param restartWeights height of each wave; MMCV's default is a single 1
 * @param target where each goes
 */
public record CosineRestart(List<Integer> periods, List<Double> restartWeights, Target target)
    implements LrPolicy {
  /** Rejects negative lengths and as many weights as there aren't periods. */
  public CosineRestart {
    periods = List.copyOf(periods);
    restartWeights = List.copyOf(restartWeights);
    if (periods.size() != restartWeights.size()) {
      throw new IllegalArgumentException(
          "periods and restart_weights must be equally many, got "
              + periods
              + " and "
              + restartWeights);
    }
    if (periods.stream().anyMatch(period -> period < 0)) {
      throw new IllegalArgumentException("periods must be 0 or more, got " + periods);
    }
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled(this::value);
  }

  @Override
  public void check(double total) {
    long sum = periods.stream().mapToLong(Integer::longValue).sum();
    if (Math.ceil(total) > sum) {
      throw new IllegalArgumentException(
          String.format(
              "periods %s end after %d, but the run has %s; lengthen the last one",
              periods, sum, Lengths.text(total)));
    }
  }

  private double value(double base, Position at) {
    long start = 0;
    for (int i = 0; i < periods.size(); i++) {
      int period = periods.get(i);
      if (at.done() < start + period) {
        double fraction = (double) (at.done() - start) / period;
        return Annealing.cosine(base, target.of(base), fraction, restartWeights.get(i));
      }
      start += period;
    }
    throw new IllegalStateException(
        "periods " + periods + " end after " + start + ", asked for " + at.done());
  }
}
