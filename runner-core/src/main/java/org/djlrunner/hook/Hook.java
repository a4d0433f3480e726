package org.djlrunner.hook;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Code that runs at fixed moments of a run.
 *
 * <p>The loop of a run, with every stage in its place:
 *
 * <pre>{@code
 * before_run
 * until the epoch or iteration limit, for each flow of the workflow:
 *   train:                                     val:
 *     before_train_epoch                         before_val_epoch
 *     for each batch:                            for each batch:
 *       before_train_iter    LR is set             before_val_iter
 *       trainStep            forward, loss         valStep       forward, loss, metrics
 *       after_train_iter     backward, update,     after_val_iter
 *                            evaluate, save, log
 *       iter += 1
 *     after_train_epoch      evaluate, save      after_val_epoch   log
 *     epoch += 1
 * after_run                  always, also when the run fails
 * }</pre>
 *
 * <p>An iteration-based runner has the same stages: a training epoch there is one pass over the
 * training data, a validation epoch one turn of a val flow.
 *
 * <p>Every method does nothing unless overridden, and a hook is not called at all for stages it
 * does not override. The methods for training and for validation fall back to the generic one of
 * both ({@link #beforeEpoch} and so on). Within a stage hooks run in order of {@link Priority}. An
 * exception ends the run; the stage's remaining hooks are not called, {@link #afterRun} still is,
 * for every hook. All calls come from the thread that called {@code run}; during validation
 * gradients are off, in hooks too.
 */
public interface Hook {
  /** A hook that does one thing at one stage. */
  static Hook at(Stage stage, Consumer<HookContext> action) {
    return new StageHook(stage, action);
  }

  /** Before anything else; the place to check preconditions and to open files. */
  default void beforeRun(HookContext context) {}

  /** Before the first batch of a pass of either kind, unless the specific method is overridden. */
  default void beforeEpoch(HookContext context) {}

  /** Before a step of either kind, unless the specific method is overridden. */
  default void beforeIter(HookContext context) {}

  /** After a step of either kind, unless the specific method is overridden. */
  default void afterIter(HookContext context) {}

  /** After the last batch of a pass of either kind, unless the specific method is overridden. */
  default void afterEpoch(HookContext context) {}

  /** Before the first batch of a training pass. */
  default void beforeTrainEpoch(HookContext context) {
    beforeEpoch(context);
  }

  /** Before a training step; the batch is at hand. */
  default void beforeTrainIter(HookContext context) {
    beforeIter(context);
  }

  /** After a training step's forward; the batch and the step's output are at hand. */
  default void afterTrainIter(HookContext context) {
    afterIter(context);
  }

  /** After a training pass, also one cut short by a limit or a stop request. */
  default void afterTrainEpoch(HookContext context) {
    afterEpoch(context);
  }

  /** Before the first batch of a validation pass. */
  default void beforeValEpoch(HookContext context) {
    beforeEpoch(context);
  }

  /** Before a validation step; the batch is at hand. */
  default void beforeValIter(HookContext context) {
    beforeIter(context);
  }

  /** After a validation step; the batch and the step's output are at hand. */
  default void afterValIter(HookContext context) {
    afterIter(context);
  }

  /** After a validation pass. */
  default void afterValEpoch(HookContext context) {
    afterEpoch(context);
  }

  /** At the end of a run, exactly once, also when it fails; the place to close files. */
  default void afterRun(HookContext context) {}

  /** The priority used when none is given at registration; {@link Priority#NORMAL}. */
  default Priority priority() {
    return Priority.NORMAL;
  }

  /** The stages at which this hook does something, in the order of a run. */
  default Set<Stage> triggeredStages() {
    return OverriddenStages.of(getClass());
  }
}
