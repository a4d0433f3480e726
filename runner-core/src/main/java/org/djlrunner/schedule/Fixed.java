package org.djlrunner.schedule;

import java.util.List;

/** The base rate throughout. */
public record Fixed() implements LrPolicy {
  @Override
  public List<Curve> curves(GroupBases groups) {
    return groups.scaled((base, at) -> base);
  }
}
