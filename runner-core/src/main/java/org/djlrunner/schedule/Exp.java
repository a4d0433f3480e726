package org.djlrunner.schedule;

import java.util.List;

/**
 * Exponential decay, {@code base * gamma^done}.
 *
 * @param gamma factor of each epoch or iteration
 */
public record Exp(double gamma) implements LrPolicy {
  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled((base, at) -> base * Math.pow(gamma, at.done()));
  }
}
