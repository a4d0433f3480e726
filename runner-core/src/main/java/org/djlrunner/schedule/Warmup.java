package org.djlrunner.schedule;

import org.djlrunner.Every;

/**
 * A gentle start: for its length the scheduled value is scaled.
 *
 * @param kind how the factor grows from {@code ratio} to 1
 * @param length how many iterations, or epochs, it lasts; at least 1
 * @param unit what {@code length} counts; iterations of the whole run unless said otherwise
 * @param ratio the first factor, above 0 and at most 1; MMCV's default is 0.1, for momentum 0.9
 */
public record Warmup(Kind kind, int length, Every.Unit unit, double ratio) {
  /** How the factor grows. */
  public enum Kind {
    /** Stays at the ratio. */
    CONSTANT,
    /** Grows by equal amounts. */
    LINEAR,
    /** Grows by equal factors. */
    EXP
  }

  /** Rejects an empty length and a ratio outside (0, 1]. */
  public Warmup {
    if (length < 1) {
      throw new IllegalArgumentException("warmup_iters must be at least 1, got " + length);
    }
    if (!(ratio > 0 && ratio <= 1)) {
      throw new IllegalArgumentException(
          "warmup_ratio must be above 0 and at most 1, got " + ratio);
    }
  }

  /**
   * The factor at a point of the run, 1 once the warm-up is over.
   *
   * @throws IllegalStateException if it counts epochs and the data doesn't know its length
   */
  double factor(Moment at) {
    int iters = length;
    if (unit == Every.Unit.EPOCH) {
      iters =
          length
              * at.epochLength()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "warmup_by_epoch needs a data loader that knows its length"));
    }
    if (at.iter() >= iters) {
      return 1;
    }
    double left = 1 - (double) at.iter() / iters;
    return switch (kind) {
      case CONSTANT -> ratio;
      case LINEAR -> 1 - left * (1 - ratio);
      case EXP -> Math.pow(ratio, left);
    };
  }
}
