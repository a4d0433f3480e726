package org.djlrunner.internal;

import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;

/** The steps that both loops share: enter a mode, begin and end an epoch, validate. */
final class Phase<B> {
  private final RunState state;
  private final HookDispatcher hooks;
  private final ModelStep<B> model;
  private final Iteration<B> iteration;

  Phase(RunState state, HookDispatcher hooks, ModelStep<B> model) {
    this.state = state;
    this.hooks = hooks;
    this.model = model;
    this.iteration = new Iteration<>(state, hooks, model);
  }

  Scope enter(Mode mode, DataLoader<B> loader) {
    state.mode = mode;
    state.passLength = loader.length();
    if (!mode.equals(Mode.VAL)) {
      return model.enter(mode);
    }
    Scope weights = state.evaluationWeights().enter();
    try {
      Scope entered = model.enter(mode);
      return () -> {
        entered.close();
        weights.close();
      };
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  void beginEpoch(Mode mode) {
    state.passComplete = false;
    if (mode.equals(Mode.VAL)) {
      state.logBuffer().clear();
    }
    hooks.call(Stage.beforeEpoch(mode), state);
  }

  void iterate(Mode mode, DataPass<B> pass, int innerIter) {
    state.innerIter = innerIter;
    iteration.run(mode, pass);
  }

  void endEpoch(Mode mode, boolean complete) {
    state.passComplete = complete;
    if (mode.equals(Mode.VAL) && complete) {
      keepResults();
    }
    hooks.call(Stage.afterEpoch(mode), state);
    state.passComplete = false;
  }

  /** A val flow's means are evaluation results; what its iterations took is none. */
  private void keepResults() {
    Map<String, Double> results = state.logBuffer().average();
    IterTimerHook.NAMES.forEach(results::remove);
    state.metrics().putAll(results);
  }
}
