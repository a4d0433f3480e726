package org.djlrunner.internal;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.Flow;
import org.djlrunner.IterLoader;
import org.djlrunner.Mode;
import org.djlrunner.Walk;
import org.djlrunner.WorkflowPosition;
import org.djlrunner.spi.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Walks a workflow by iterations over endless loaders.
 *
 * <p>The epoch stages of training fire where the first train flow's loader begins and ends a pass,
 * so hooks that count epochs work here as well. A turn of a val flow is one validation epoch.
 */
public final class IterLoop<B> {
  private final Walk<B> walk;
  private final int maxIters;
  private final WorkflowPosition start;
  private final List<IterLoader<B>> loaders = new ArrayList<>();
  private final IterLoader<B> epochLoader;
  private boolean inEpoch;

  /** Where the loaders were before a validation that may have to be done again. */
  private @Nullable List<IterLoader.Position> beforeVal;

  /** A loop until {@code maxIters} training iterations. */
  public IterLoop(Walk<B> walk, int maxIters) {
    this.walk = walk;
    this.maxIters = maxIters;
    this.start = walk.resumedAt();
    this.inEpoch = start.inEpoch();
    for (int f = 0; f < walk.loaders().size(); f++) {
      IterLoader.Position position =
          f < start.loaders().size()
              ? start.loaders().get(f)
              : new IterLoader.Position(walk.progress().epoch(), 0);
      loaders.add(new IterLoader<>(walk.loaders().get(f), position));
    }
    this.epochLoader = firstTrainLoader();
    walk.follow(this::positions);
  }

  /** Walks to the limit or a stop request. */
  public void run() {
    try {
      endEpochIfDue();
      if (!start.equals(WorkflowPosition.START)) {
        runRound(start.flow(), start.turnsDone());
      }
      while (!limitReached() && !walk.stopRequested()) {
        runRound(0, 0);
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

  private void runRound(int firstFlow, int turnsDone) {
    for (int f = firstFlow; f < loaders.size() && !walk.stopRequested(); f++) {
      Flow flow = walk.workflow().flows().get(f);
      int done = f == firstFlow ? turnsDone : 0;
      if (flow.mode().equals(Mode.TRAIN)) {
        train(f, done);
      } else if (done < flow.count()) {
        validate(f);
      }
    }
  }

  /** An epoch whose last iteration was saved, but not its end. */
  private void endEpochIfDue() {
    boolean due = epochLoader.epoch() > walk.progress().epoch();
    if (inEpoch && due && !walk.stopRequested()) {
      try (Scope scope = walk.enter(Mode.TRAIN, epochLoader.loader())) {
        endEpoch(true);
      }
    }
  }

  private void train(int index, int turnsDone) {
    Flow flow = walk.workflow().flows().get(index);
    IterLoader<B> loader = loaders.get(index);
    try (Scope scope = walk.enter(Mode.TRAIN, loader.loader())) {
      for (int i = turnsDone; i < flow.count() && !limitReached() && !walk.stopRequested(); i++) {
        beginEpochIfDue(loader);
        walk.turn(index, i + 1);
        walk.iterate(Mode.TRAIN, loader, loader.nextIndex());
        if (loader == epochLoader && loader.atPassEnd()) {
          endEpoch(true);
        }
      }
    }
  }

  private void validate(int index) {
    Flow flow = walk.workflow().flows().get(index);
    IterLoader<B> loader = loaders.get(index);
    int trainingInnerIter = walk.progress().innerIter();
    beforeVal = positions();
    try (Scope scope = walk.enter(flow.mode(), loader.loader())) {
      walk.turn(index, 1);
      walk.beginEpoch(flow.mode());
      int done = 0;
      while (done < flow.count() && !walk.stopRequested()) {
        walk.iterate(flow.mode(), loader, done++);
      }
      boolean complete = done == flow.count();
      if (complete) {
        beforeVal = null;
        walk.turn(index, flow.count());
      }
      walk.endEpoch(flow.mode(), complete);
    }
    walk.at(trainingInnerIter);
  }

  private List<IterLoader.Position> positions() {
    return beforeVal != null ? beforeVal : loaders.stream().map(IterLoader::position).toList();
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
