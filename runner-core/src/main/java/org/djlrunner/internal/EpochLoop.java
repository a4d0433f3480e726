package org.djlrunner.internal;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Walk;
import org.djlrunner.Workflow;
import org.djlrunner.WorkflowPosition;
import org.djlrunner.checkpoint.ResumePoint;
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
   *
   * @param start where the run begins
   */
  public static <B> OptionalInt plannedIters(
      Workflow workflow, List<DataLoader<B>> loaders, int maxEpochs, ResumePoint start) {
    WorkflowPosition position = start.position().orElse(WorkflowPosition.START);
    int epoch = start.epoch();
    long iters = start.iter();
    iters -= position.inEpoch() ? position.batch() : 0;
    int firstFlow = position.flow();
    int turnsDone = position.turnsDone() - (position.inEpoch() ? 1 : 0);
    while (epoch < maxEpochs) {
      for (int f = firstFlow; f < loaders.size(); f++) {
        Flow flow = workflow.flows().get(f);
        if (flow.mode().equals(Mode.TRAIN)) {
          OptionalInt length = loaders.get(f).length();
          if (length.isEmpty()) {
            return OptionalInt.empty();
          }
          int epochs = Math.min(flow.count() - turnsDone, maxEpochs - epoch);
          epoch += epochs;
          iters += (long) epochs * length.getAsInt();
        }
        turnsDone = 0;
      }
      firstFlow = 0;
    }
    return iters > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) iters);
  }

  /** Walks to the limit or a stop request. */
  public void run() {
    WorkflowPosition start = walk.resumedAt();
    if (start.inEpoch() && !walk.stopRequested()) {
      walk.turn(start.flow(), start.turn());
      walk.resumeEpoch(Mode.TRAIN, walk.loaders().get(start.flow()), start.batch());
    }
    // The rest of a round that was interrupted, which may be nothing.
    if (!start.equals(WorkflowPosition.START)) {
      runRound(start.flow(), start.turnsDone());
    }
    while (!limitReached() && !walk.stopRequested()) {
      runRound(0, 0);
    }
  }

  private void runRound(int firstFlow, int turnsDone) {
    for (int f = firstFlow; f < walk.loaders().size() && !walk.stopRequested(); f++) {
      runFlow(f, f == firstFlow ? turnsDone : 0);
    }
  }

  /** When the limit comes within a train flow, later flows of the round still run. */
  private void runFlow(int index, int turnsDone) {
    Flow flow = walk.workflow().flows().get(index);
    boolean trains = flow.mode().equals(Mode.TRAIN);
    for (int i = turnsDone; i < flow.count() && !walk.stopRequested(); i++) {
      if (trains && limitReached()) {
        return;
      }
      walk.turn(index, i + 1);
      walk.epoch(flow.mode(), walk.loaders().get(index));
    }
  }

  private boolean limitReached() {
    return walk.progress().epoch() >= maxEpochs;
  }
}
