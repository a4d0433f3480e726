package org.djlrunner.djl.param;

/** Hears that parameters moved, because some were frozen or unfrozen. */
@FunctionalInterface
public interface ArenaFollower {
  /** Called once the arena has its new layout; all gradients are gone by then. */
  void relaid(ArenaLayout before, ArenaLayout after);
}
