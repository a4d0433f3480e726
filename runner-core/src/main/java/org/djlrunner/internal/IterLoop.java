package org.djlrunner.internal;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.Flow;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;

/**
 * Walks a workflow by iterations over endless loaders.
 *
 * <p>The epoch stages of training fire where the first train flow's loader begins and ends a pass,
 * so hooks that count epochs work here as well. A turn of a val flow is one validation epoch.
 */
public final class IterLoop<B> implements Loop {
  private final RunState state;
  private final Phase<B> phase;
  private final int maxIters;
  private final List<IterLoader<B>> loaders = new ArrayList<>();
  private final IterLoader<B> epochLoader;
  private boolean inEpoch;

  /** A loop over {@code loaders}, one a flow, until {@code maxIters} training iterations. */
  public IterLoop(
      RunState state,
      HookDispatcher hooks,
      ModelStep<B> model,
      List<DataLoader<B>> loaders,
      int maxIters) {
    this.state = state;
    this.phase = new Phase<>(state, hooks, model);
    this.maxIters = maxIters;
    loaders.forEach(loader -> this.loaders.add(new IterLoader<>(loader)));
    this.epochLoader = firstTrainLoader();
  }

  @Override
  public void run() {
    try {
      while (state.iter < maxIters && !state.stopRequested()) {
        for (int f = 0; f < loaders.size() && !state.stopRequested(); f++) {
          Flow flow = state.workflow().flows().get(f);
          if (flow.mode().equals(Mode.TRAIN)) {
            train(flow, loaders.get(f));
          } else if (flow.count() > 0) {
            validate(flow, loaders.get(f));
          }
        }
      }
      if (inEpoch) {
        try (Scope scope = phase.enter(Mode.TRAIN, epochLoader.loader())) {
          endEpoch(false);
        }
      }
    } finally {
      loaders.forEach(IterLoader::close);
    }
  }

  private void train(Flow flow, IterLoader<B> loader) {
    try (Scope scope = phase.enter(Mode.TRAIN, loader.loader())) {
      for (int i = 0; i < flow.count() && state.iter < maxIters && !state.stopRequested(); i++) {
        beginEpochIfDue(loader);
        phase.iterate(Mode.TRAIN, loader, loader.nextIndex());
        state.iter++;
        if (loader == epochLoader && loader.atPassEnd()) {
          endEpoch(true);
          state.epoch++;
        }
      }
    }
  }

  private void validate(Flow flow, IterLoader<B> loader) {
    int trainingInnerIter = state.innerIter;
    try (Scope scope = phase.enter(Mode.VAL, loader.loader())) {
      phase.beginEpoch(Mode.VAL);
      int done = 0;
      while (done < flow.count() && !state.stopRequested()) {
        phase.iterate(Mode.VAL, loader, done++);
      }
      phase.endEpoch(Mode.VAL, done == flow.count());
    }
    state.innerIter = trainingInnerIter;
  }

  private void beginEpochIfDue(IterLoader<B> loader) {
    if (!inEpoch && loader == epochLoader) {
      state.innerIter = 0;
      phase.beginEpoch(Mode.TRAIN);
      inEpoch = true;
    }
  }

  private void endEpoch(boolean complete) {
    inEpoch = false;
    phase.endEpoch(Mode.TRAIN, complete);
  }

  private IterLoader<B> firstTrainLoader() {
    for (int f = 0; f < loaders.size(); f++) {
      Flow flow = state.workflow().flows().get(f);
      if (flow.mode().equals(Mode.TRAIN) && flow.count() > 0) {
        return loaders.get(f);
      }
    }
    throw new IllegalStateException("a workflow without training got past its check");
  }
}
