package org.djlrunner.schedule;

/**
 * Where a schedule goes: a value, or a share of each group's base.
 *
 * @param value the value or the share
 * @param ratio whether it is a share
 */
public record Target(double value, boolean ratio) {
  /** The same value for all groups: {@code min_lr}. */
  public static Target value(double value) {
    return new Target(value, false);
  }

  /** A share of each group's base: {@code min_lr_ratio}. */
  public static Target ratio(double share) {
    return new Target(share, true);
  }

  double of(double base) {
    return ratio ? base * value : value;
  }
}
