package org.djlrunner.schedule;

import java.util.List;

/**
 * The shape of a schedule: pure functions of progress, one for each parameter group.
 *
 * <p>Progress is a count of finished epochs or iterations, from 0, and never exceeds the run's
 * total: what lies beyond has the value of the end. Formulas and option names are those of MMCV.
 */
public sealed interface Policy permits LrPolicy, MomentumPolicy {
  /**
   * The curve of each group.
   *
   * @throws IllegalArgumentException if the policy has values for other groups than these
   */
  List<Curve> curves(GroupBases groups);

  /**
   * Refuses a run that this policy doesn't fit, before it begins.
   *
   * @param total epochs or iterations of the run, NaN if not known
   * @throws IllegalArgumentException if the policy would end, or turn to nothing, within the run
   */
  default void check(double total) {}
}
