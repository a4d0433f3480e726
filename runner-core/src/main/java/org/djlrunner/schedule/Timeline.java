package org.djlrunner.schedule;

import java.util.List;

/** A schedule laid out for the groups of one optimizer; a pure function of the moment. */
public final class Timeline {
  private final Schedule schedule;
  private final List<Curve> curves;

  Timeline(Schedule schedule, GroupBases groups) {
    this.schedule = schedule;
    try {
      this.curves = schedule.policy().curves(groups);
    } catch (IllegalArgumentException e) {
      throw named(e);
    }
  }

  /**
   * Refuses a run that the schedule doesn't fit.
   *
   * @throws IllegalArgumentException naming the config's section and what to change
   */
  public void check(Moment moment) {
    try {
      schedule.policy().check(moment.in(schedule.unit()).total());
    } catch (IllegalArgumentException e) {
      throw named(e);
    }
  }

  /** The number of groups. */
  public int groups() {
    return curves.size();
  }

  /**
   * The value of each group in a training iteration.
   *
   * @throws IllegalArgumentException if one is not finite
   * @throws IllegalStateException if the schedule depends on a length that nobody knows
   */
  public double[] values(Moment moment) {
    double[] values = new double[curves.size()];
    forEach(moment, (group, value) -> values[group] = value);
    return values;
  }

  /** Takes the value of one group. */
  @FunctionalInterface
  public interface Taker {
    /** Takes it. */
    void take(int group, double value);
  }

  /** Gives the {@link #values} one by one, for a loop that has no time for arrays. */
  public void forEach(Moment moment, Taker taker) {
    Position position = moment.in(schedule.unit());
    Warmup warmup = schedule.warmup();
    double factor = warmup == null ? 1 : warmup.factor(moment);
    for (int i = 0; i < curves.size(); i++) {
      double value = value(curves.get(i), position);
      taker.take(i, factor == 1 ? value : schedule.warm(value, factor));
    }
  }

  private double value(Curve curve, Position position) {
    try {
      double value = curve.at(position);
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            String.format(
                "%s gives %s after %d %ss; it must stay finite",
                schedule.policy(), value, position.done(), schedule.unit().word()));
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw named(e);
    }
  }

  private IllegalArgumentException named(IllegalArgumentException cause) {
    return new IllegalArgumentException(schedule.section() + ": " + cause.getMessage(), cause);
  }
}
