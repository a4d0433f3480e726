package org.djlrunner.schedule;

import java.util.List;

/**
 * Inverse decay, {@code base * (1 + gamma * done)^-power}.
 *
 * @param gamma how fast it decays
 * @param power MMCV's default is 1
 */
public record Inv(double gamma, double power) implements LrPolicy {
  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled((base, at) -> base * Math.pow(1 + gamma * at.done(), -power));
  }
}
