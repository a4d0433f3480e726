package org.djlrunner.schedule;

/**
 * Where a run stands in the unit that a policy counts.
 *
 * @param done finished epochs or iterations
 * @param total epochs or iterations of the whole run, NaN if nobody knows; epochs of a run that is
 *     limited by iterations need not be whole
 */
public record Position(int done, double total) {
  /**
   * The total of a run whose length nobody knows: NaN, a plain number for each iteration's sake.
   */
  static final double UNKNOWN = Double.NaN;

  /** The share of the run that is behind, from 0 to 1. */
  double fraction() {
    return Math.min(done / known(), 1);
  }

  /** The total, which the caller's formula can't do without. */
  double known() {
    if (Double.isNaN(total)) {
      throw new IllegalStateException(
          "the schedule depends on how long the run is, but the training data doesn't know its"
              + " length; take a policy that doesn't, such as step");
    }
    return total;
  }
}
