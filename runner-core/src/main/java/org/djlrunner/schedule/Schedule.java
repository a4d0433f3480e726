package org.djlrunner.schedule;

import org.djlrunner.Every;
import org.jspecify.annotations.Nullable;

/** A policy together with what it counts and how it begins. */
public sealed interface Schedule permits LrSchedule, MomentumSchedule {
  /** The section of a config that it stands for, which errors name. */
  String section();

  /** The shape. */
  Policy policy();

  /** What the policy counts: epochs or iterations. */
  Every.Unit unit();

  /** A gentle start, null for none. */
  @Nullable Warmup warmup();

  /** What the warm-up makes of a scheduled value. */
  double warm(double value, double factor);

  /** The values of an optimizer's groups in a run. */
  default Timeline timeline(GroupBases groups) {
    return new Timeline(this, groups);
  }
}
