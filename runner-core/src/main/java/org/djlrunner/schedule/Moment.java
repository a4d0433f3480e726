package org.djlrunner.schedule;

import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.Progress;

/**
 * A training iteration of a run as schedules see it.
 *
 * @param epoch finished passes
 * @param iter finished training iterations
 * @param epochLength iterations of an epoch: batches of the first train flow's data, if it knows
 * @param maxEpochs epochs of the whole run, for a run limited by epochs
 * @param maxIters training iterations of the whole run, if known
 */
public record Moment(
    int epoch, int iter, OptionalInt epochLength, OptionalInt maxEpochs, OptionalInt maxIters) {
  /** The training iteration at hand. */
  public static Moment of(Progress progress, OptionalInt epochLength) {
    return new Moment(
        progress.epoch(), progress.iter(), epochLength, progress.maxEpochs(), progress.maxIters());
  }

  /** The same in one unit. */
  Position in(Every.Unit unit) {
    boolean byEpoch = unit == Every.Unit.EPOCH;
    return new Position(byEpoch ? epoch : iter, byEpoch ? epochs() : known(maxIters));
  }

  private double epochs() {
    if (maxEpochs.isPresent() || maxIters.isEmpty() || epochLength.isEmpty()) {
      return known(maxEpochs);
    }
    return (double) maxIters.getAsInt() / epochLength.getAsInt();
  }

  private static double known(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : Position.UNKNOWN;
  }
}
