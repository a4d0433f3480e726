package org.djlrunner.schedule;

import java.util.List;

/**
 * Polynomial decay, {@code (base - minLr) * (1 - fraction)^power + minLr}.
 *
 * <p>The last epoch or iteration is one short of the end, so {@code minLr} itself is never reached.
 *
 * @param power MMCV's default is 1
 * @param minLr the rate at the end; MMCV's default is 0
 */
public record Poly(double power, double minLr) implements LrPolicy {
  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled((base, at) -> (base - minLr) * Math.pow(1 - at.fraction(), power) + minLr);
  }
}
