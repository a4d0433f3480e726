package org.djlrunner.djl.optim;

/**
 * What an optimizer remembered at some moment: a copy of its flat state arrays on the device, and
 * its update counts on the host.
 *
 * <p>Its arrays belong to the manager that {@link ArenaOptimizer#copy} was given.
 */
public final class OptimizerCopy {
  private final ArenaOptimizer optimizer;
  private final StateArrays taken;

  OptimizerCopy(ArenaOptimizer optimizer, StateArrays taken) {
    this.optimizer = optimizer;
    this.taken = taken;
  }

  /**
   * Puts state and counts back, by parameter: those frozen since are passed over, those that joined
   * since are new. The options of groups stay as they are: they belong to schedules and hooks.
   */
  public void restore() {
    optimizer.restore(taken);
  }
}
