package org.djlrunner.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Walk;
import org.djlrunner.Workflow;
import org.djlrunner.WorkflowPosition;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;

/** The steps of a run on its state, its hooks and its model. */
public final class RunWalk<B> implements Walk<B> {
  private final RunState state;
  private final HookDispatcher hooks;
  private final ModelStep<B> model;
  private final List<DataLoader<B>> loaders;
  private final Iteration<B> iteration;
  private final WorkflowPosition start;

  /** A walk over {@code loaders}, one a flow. */
  public RunWalk(
      RunState state, HookDispatcher hooks, ModelStep<B> model, List<DataLoader<B>> loaders) {
    this.state = state;
    this.hooks = hooks;
    this.model = model;
    this.loaders = loaders;
    this.start = state.tracker().position();
    this.iteration = new Iteration<>(state, hooks, model);
  }

  @Override
  public Workflow workflow() {
    return state.workflow();
  }

  @Override
  public List<DataLoader<B>> loaders() {
    return loaders;
  }

  @Override
  public Progress progress() {
    return state.progress();
  }

  @Override
  public boolean stopRequested() {
    return state.stopRequested();
  }

  @Override
  public Scope enter(Mode mode, DataLoader<B> loader) {
    state.enter(mode, loader.length());
    if (mode.equals(Mode.TRAIN)) {
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

  @Override
  public WorkflowPosition resumedAt() {
    return start;
  }

  @Override
  public void turn(int flow, int turn) {
    state.tracker().turn(flow, turn);
  }

  @Override
  public void follow(Supplier<List<IterLoader.Position>> positions) {
    state.tracker().follow(positions);
  }

  @Override
  public void at(int innerIter) {
    state.at(innerIter);
  }

  @Override
  public void beginEpoch(Mode mode) {
    if (!mode.equals(Mode.TRAIN)) {
      state.logBuffer().clear();
    }
    state.goOn();
    state.tracker().begun(mode);
    hooks.call(Stage.beforeEpoch(mode), state);
  }

  @Override
  public void iterate(Mode mode, DataPass<B> pass, int innerIter) {
    state.at(innerIter);
    state.goOn();
    boolean trains = mode.equals(Mode.TRAIN);
    boolean done = false;
    try {
      iteration.run(mode, pass);
      done = true;
    } finally {
      if (trains && (done || state.boundary().learned())) {
        state.finishIteration();
        state.tracker().taken(innerIter);
      }
    }
    state.reachBoundary();
  }

  @Override
  public void endEpoch(Mode mode, boolean complete) {
    boolean trains = mode.equals(Mode.TRAIN);
    if (trains && !complete) {
      state.cutEpoch();
    }
    state.passComplete(complete);
    if (!trains && complete) {
      keepResults(mode);
    }
    hooks.call(Stage.afterEpoch(mode), state);
    state.passComplete(false);
    if (trains && complete) {
      state.finishEpoch();
    }
    if (complete) {
      state.tracker().ended(mode);
    }
    state.reachBoundary();
  }

  /** A val flow's means are evaluation results; what its iterations took is none. */
  private void keepResults(Mode mode) {
    Map<String, Double> means = state.logBuffer().average();
    IterTimerHook.NAMES.forEach(means::remove);
    if (mode.equals(Mode.VAL)) {
      state.report(means);
    } else {
      Map<String, Double> named = new LinkedHashMap<>();
      means.forEach((name, mean) -> named.put(mode + "/" + name, mean));
      state.report(named);
    }
  }
}
