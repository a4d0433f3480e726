package org.djlrunner.internal;

import org.djlrunner.Mode;
import org.djlrunner.Ticker;
import org.djlrunner.hook.Stage;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;

/**
 * One iteration, the same in every loop: fetch, hooks, step, log, hooks, free.
 *
 * <p>The batch and the step's output are closed at its end, also when a hook or the step throws.
 */
final class Iteration<B> {
  private final RunState state;
  private final StageCalls beforeTrainIter;
  private final StageCalls afterTrainIter;
  private final StageCalls beforeValIter;
  private final StageCalls afterValIter;
  private final ModelStep<B> model;
  private final Ticker ticker;

  Iteration(RunState state, HookDispatcher hooks, ModelStep<B> model) {
    this.state = state;
    this.beforeTrainIter = hooks.at(Stage.BEFORE_TRAIN_ITER);
    this.afterTrainIter = hooks.at(Stage.AFTER_TRAIN_ITER);
    this.beforeValIter = hooks.at(Stage.BEFORE_VAL_ITER);
    this.afterValIter = hooks.at(Stage.AFTER_VAL_ITER);
    this.model = model;
    this.ticker = state.ticker();
  }

  void run(Mode mode, DataPass<B> pass) {
    boolean trains = mode.equals(Mode.TRAIN);
    long start = ticker.nanos();
    B batch = pass.next();
    state.beginIteration(batch, start, ticker.nanos() - start);
    try {
      state.logBuffer().nextStep();
      (trains ? beforeTrainIter : beforeValIter).run(state);
      StepContext context = new StepContext(state.progress(), state.optimizers());
      try (StepOutput output = model.runStep(mode, batch, context)) {
        state.output(output);
        state.logBuffer().update(output.logVars(), output.numSamples());
        if (trains) {
          state.boundary().beginUpdate();
        }
        (trains ? afterTrainIter : afterValIter).run(state);
      }
    } finally {
      state.endIteration();
      Batches.close(batch);
    }
  }
}
