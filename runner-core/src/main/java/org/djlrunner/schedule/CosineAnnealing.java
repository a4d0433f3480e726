package org.djlrunner.schedule;

import java.util.List;

/**
 * Half a cosine wave from the base to the target over the whole run.
 *
 * @param target where it goes; above the base, the value grows
 */
public record CosineAnnealing(Target target) implements LrPolicy, MomentumPolicy {
  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled((base, at) -> Annealing.COS.between(base, target.of(base), at.fraction()));
  }
}
