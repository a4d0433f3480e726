package org.djlrunner.internal;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.djlrunner.Walk;
import org.djlrunner.Workflow;
import org.djlrunner.spi.DataLoader;

/** Walks a workflow by epochs: each count of a flow is one pass over its loader. */
public final class EpochLoop<B> {
  private final Walk<B> walk;
  private final int maxEpochs;

  /** A loop until {@code maxEpochs} training epochs. */
  public EpochLoop(Walk<B> walk, int maxEpochs) {
    this.walk = walk;
    this.maxEpochs = maxEpochs;
  }

  /**
   * The training iterations behind a run at its end: those it begins with and the sum over the
   * flows as they will be walked; empty if a train loader doesn't know its length or the sum
   * exceeds an int.
   */
  public static <B> OptionalInt plannedIters(
      Workflow workflow, List<DataLoader<B>> loaders, int maxEpochs, Progress start) {
    int epoch = start.epoch();
    long iters = start.iter();
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

  /** Walks to the limit or a stop request. */
  public void run() {
    while (!limitReached() && !walk.stopRequested()) {
      for (int f = 0; f < walk.loaders().size() && !walk.stopRequested(); f++) {
        runFlow(walk.workflow().flows().get(f), walk.loaders().get(f));
      }
    }
  }

  /** When the limit comes within a train flow, later flows of the round still run. */
  private void runFlow(Flow flow, DataLoader<B> loader) {
    boolean trains = flow.mode().equals(Mode.TRAIN);
    for (int i = 0; i < flow.count() && !walk.stopRequested(); i++) {
      if (trains && limitReached()) {
        return;
      }
      walk.epoch(flow.mode(), loader);
    }
  }

  private boolean limitReached() {
    return walk.progress().epoch() >= maxEpochs;
  }
}
