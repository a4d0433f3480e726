package org.djlrunner.internal;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.Flow;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.Walk;
import org.djlrunner.spi.Scope;

/**
 * Walks a workflow by iterations over endless loaders.
 *
 * <p>The epoch stages of training fire where the first train flow's loader begins and ends a pass,
 * so hooks that count epochs work here as well. A turn of a val flow is one validation epoch.
 */
public final class IterLoop<B> {
  private final Walk<B> walk;
  private final int maxIters;
  private final List<IterLoader<B>> loaders = new ArrayList<>();
  private final IterLoader<B> epochLoader;
  private boolean inEpoch;

  /** A loop until {@code maxIters} training iterations. */
  public IterLoop(Walk<B> walk, int maxIters) {
    this.walk = walk;
    this.maxIters = maxIters;
    int firstPass = walk.progress().epoch();
    walk.loaders().forEach(loader -> loaders.add(new IterLoader<>(loader, firstPass)));
    this.epochLoader = firstTrainLoader();
  }

  /** Walks to the limit or a stop request. */
  public void run() {
    try {
      while (!limitReached() && !walk.stopRequested()) {
        for (int f = 0; f < loaders.size() && !walk.stopRequested(); f++) {
          Flow flow = walk.workflow().flows().get(f);
          if (flow.mode().equals(Mode.TRAIN)) {
            train(flow, loaders.get(f));
          } else if (flow.count() > 0) {
            validate(flow, loaders.get(f));
          }
        }
      }
      if (inEpoch) {
        try (Scope scope = walk.enter(Mode.TRAIN, epochLoader.loader())) {
          endEpoch(false);
        }
      }
    } finally {
      loaders.forEach(IterLoader::close);
    }
  }

  private void train(Flow flow, IterLoader<B> loader) {
    try (Scope scope = walk.enter(Mode.TRAIN, loader.loader())) {
      for (int i = 0; i < flow.count() && !limitReached() && !walk.stopRequested(); i++) {
        beginEpochIfDue(loader);
        walk.iterate(Mode.TRAIN, loader, loader.nextIndex());
        if (loader == epochLoader && loader.atPassEnd()) {
          endEpoch(true);
        }
      }
    }
  }

  private void validate(Flow flow, IterLoader<B> loader) {
    int trainingInnerIter = walk.progress().innerIter();
    try (Scope scope = walk.enter(flow.mode(), loader.loader())) {
      walk.beginEpoch(flow.mode());
      int done = 0;
      while (done < flow.count() && !walk.stopRequested()) {
        walk.iterate(flow.mode(), loader, done++);
      }
      walk.endEpoch(flow.mode(), done == flow.count());
    }
    walk.at(trainingInnerIter);
  }

  private void beginEpochIfDue(IterLoader<B> loader) {
    if (!inEpoch && loader == epochLoader) {
      walk.at(0);
      walk.beginEpoch(Mode.TRAIN);
      inEpoch = true;
    }
  }

  private void endEpoch(boolean complete) {
    inEpoch = false;
    walk.endEpoch(Mode.TRAIN, complete);
  }

  private boolean limitReached() {
    return walk.progress().iter() >= maxIters;
  }

  private IterLoader<B> firstTrainLoader() {
    for (int f = 0; f < loaders.size(); f++) {
      Flow flow = walk.workflow().flows().get(f);
      if (flow.mode().equals(Mode.TRAIN) && flow.count() > 0) {
        return loaders.get(f);
      }
    }
    throw new IllegalStateException("a workflow without training got past its check");
  }
}
