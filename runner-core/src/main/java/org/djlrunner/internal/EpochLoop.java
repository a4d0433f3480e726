package org.djlrunner.internal;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;

/** Walks a workflow by epochs: each count of a flow is one pass over its loader. */
public final class EpochLoop<B> implements Loop {
  private final RunState state;
  private final List<DataLoader<B>> loaders;
  private final Phase<B> phase;
  private final int maxEpochs;

  /** A loop over {@code loaders}, one a flow, until {@code maxEpochs} training epochs. */
  public EpochLoop(
      RunState state,
      HookDispatcher hooks,
      ModelStep<B> model,
      List<DataLoader<B>> loaders,
      int maxEpochs) {
    this.state = state;
    this.loaders = loaders;
    this.phase = new Phase<>(state, hooks, model);
    this.maxEpochs = maxEpochs;
  }

  /**
   * The training iterations of the whole run: the sum over the flows as they will be walked, empty
   * if a train loader doesn't know its length or the sum exceeds an int.
   */
  public static <B> OptionalInt plannedIters(
      Workflow workflow, List<DataLoader<B>> loaders, int maxEpochs) {
    int epoch = 0;
    long iters = 0;
    while (epoch < maxEpochs) {
      for (int f = 0; f < loaders.size(); f++) {
        Flow flow = workflow.flows().get(f);
        if (flow.mode().equals(Mode.TRAIN)) {
          OptionalInt length = loaders.get(f).length();
          if (length.isEmpty()) {
            return OptionalInt.empty();
          }
          int epochs = Math.min(flow.count(), maxEpochs - epoch);
          epoch += epochs;
          iters += (long) epochs * length.getAsInt();
        }
      }
    }
    return iters > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) iters);
  }

  @Override
  public void run() {
    while (state.epoch < maxEpochs && !state.stopRequested()) {
      for (int f = 0; f < loaders.size() && !state.stopRequested(); f++) {
        runFlow(state.workflow().flows().get(f), loaders.get(f));
      }
    }
  }

  private void runFlow(Flow flow, DataLoader<B> loader) {
    boolean trains = flow.mode().equals(Mode.TRAIN);
    for (int i = 0; i < flow.count() && !state.stopRequested(); i++) {
      if (trains && state.epoch >= maxEpochs) {
        return;
      }
      boolean complete = pass(flow.mode(), loader);
      if (trains && complete) {
        state.epoch++;
      }
    }
  }

  private boolean pass(Mode mode, DataLoader<B> loader) {
    try (Scope scope = phase.enter(mode, loader)) {
      phase.beginEpoch(mode);
      boolean complete;
      try (DataPass<B> pass = loader.open(state.epoch)) {
        int innerIter = 0;
        while (!state.stopRequested() && pass.hasNext()) {
          phase.iterate(mode, pass, innerIter++);
          if (mode.equals(Mode.TRAIN)) {
            state.iter++;
          }
        }
        complete = !pass.hasNext();
      }
      phase.endEpoch(mode, complete);
      return complete;
    }
  }
}
