package org.djlrunner.internal;

import org.djlrunner.Mode;
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
  private final HookDispatcher hooks;
  private final ModelStep<B> model;

  Iteration(RunState state, HookDispatcher hooks, ModelStep<B> model) {
    this.state = state;
    this.hooks = hooks;
    this.model = model;
  }

  void run(Mode mode, DataPass<B> pass) {
    state.iterationStart = state.ticker().nanos();
    B batch = pass.next();
    state.dataNanos = state.ticker().nanos() - state.iterationStart;
    state.batch = batch;
    state.stepSkipped = false;
    try {
      state.logBuffer().nextStep();
      hooks.call(Stage.beforeIter(mode), state);
      try (StepOutput output = step(mode, batch)) {
        state.output = output;
        state.logBuffer().update(output.logVars(), output.numSamples());
        hooks.call(Stage.afterIter(mode), state);
      }
    } finally {
      state.output = null;
      state.batch = null;
      Batches.close(batch);
    }
  }

  private StepOutput step(Mode mode, B batch) {
    StepContext context = new StepContext(state.progress(), state.optimizers());
    return mode.equals(Mode.TRAIN)
        ? model.trainStep(batch, context)
        : model.valStep(batch, context);
  }
}
