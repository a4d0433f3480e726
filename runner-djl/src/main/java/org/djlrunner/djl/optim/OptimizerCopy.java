package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * What an optimizer remembered at some moment: a copy of its flat state arrays on the device, and
 * its update counts on the host.
 *
 * <p>Its arrays belong to the manager that {@link ArenaOptimizer#copy} was given.
 */
public final class OptimizerCopy {
  private final ArenaOptimizer optimizer;
  private final StateArrays taken;
  private final NDManager owner;

  OptimizerCopy(ArenaOptimizer optimizer, StateArrays taken, NDManager owner) {
    this.optimizer = optimizer;
    this.taken = taken;
    this.owner = owner;
  }

  /**
   * What a copy holds, for a checkpoint.
   *
   * @param state kind, groups and arrays, without update counts; the arrays are views of the copy
   * @param steps updates so far of each parameter that was updated, where the optimizer counts them
   */
  public record Content(OptimizerState state, Map<String, Long> steps) {}

  /** What it holds, with the groups' options of now; to be asked before the next update. */
  public Content content() {
    return optimizer.content(taken, owner);
  }

  /**
   * Puts state and counts back, by parameter: those frozen since are passed over, those that joined
   * since are new. The options of groups stay as they are: they belong to schedules and hooks.
   */
  public void restore() {
    optimizer.restore(taken);
  }
}
