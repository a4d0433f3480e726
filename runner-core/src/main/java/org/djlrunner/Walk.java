package org.djlrunner;

import java.util.List;
import java.util.function.Supplier;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Scope;

/**
 * What a runner walks with: the steps of a run between {@code before_run} and {@code after_run}.
 *
 * <p>Each method calls the hooks of its stages and keeps the counters, so a runner only decides
 * what comes next; {@link EpochBasedRunner} and {@link IterBasedRunner} are written against this
 * interface, and so can yours be. After a stop request a walk ends as soon as {@link
 * #stopRequested} says so, closing the epochs that it began.
 *
 * @param <B> the batch
 */
public interface Walk<B> {
  /** The round of flows. */
  Workflow workflow();

  /** One loader a flow, by position. */
  List<DataLoader<B>> loaders();

  /** Where the run stands. */
  Progress progress();

  /** Whether the run shall end before its limit: asked for, out of time, or interrupted. */
  boolean stopRequested();

  /**
   * Enters a mode on a flow's loader, until the scope closes; validation sees averaged weights.
   *
   * @param loader whose length {@link Progress#passLength} shall be
   */
  Scope enter(Mode mode, DataLoader<B> loader);

  /**
   * Where a run that was resumed goes on: {@link WorkflowPosition#START} for one that begins.
   *
   * <p>A runner of your own that neither asks nor tells begins a round anew after a resume.
   */
  WorkflowPosition resumedAt();

  /**
   * Tells where in its workflow the walk stands, for checkpoints, before each turn.
   *
   * @param flow index of the flow
   * @param turn how many of the flow's counts have begun, with the one that begins now
   */
  void turn(int flow, int turn);

  /** Tells where endless loaders are, for checkpoints: asked when one is taken. */
  void follow(Supplier<List<IterLoader.Position>> loaders);

  /** Says at which batch of its pass the run stands, before stages that come ahead of it. */
  void at(int innerIter);

  /** Calls the stages before an epoch; a mode must have been entered. */
  void beginEpoch(Mode mode);

  /**
   * Runs one iteration on the pass's next batch: fetch, hooks, step, hooks, free. In training
   * {@code iter} advances.
   *
   * @param innerIter the batch's index within its pass
   */
  void iterate(Mode mode, DataPass<B> pass, int innerIter);

  /**
   * Calls the stages after an epoch; after one of training that is complete, {@code epoch}
   * advances.
   *
   * @param complete whether the epoch saw all of its batches
   */
  void endEpoch(Mode mode, boolean complete);

  /**
   * Runs one epoch: a whole pass over a loader, with all its stages.
   *
   * @return whether the pass was complete, which it isn't after a stop request
   */
  default boolean epoch(Mode mode, DataLoader<B> loader) {
    try (Scope scope = enter(mode, loader)) {
      beginEpoch(mode);
      return finishEpoch(mode, loader, 0);
    }
  }

  /**
   * Runs the rest of an epoch that a checkpoint interrupted; the stages before it have been.
   *
   * @param firstBatch how many of its batches were taken before
   * @return whether the pass was complete, which it isn't after a stop request
   */
  default boolean resumeEpoch(Mode mode, DataLoader<B> loader, int firstBatch) {
    try (Scope scope = enter(mode, loader)) {
      return finishEpoch(mode, loader, firstBatch);
    }
  }

  /** Takes the batches from {@code firstBatch} on, and ends the epoch; the mode is entered. */
  private boolean finishEpoch(Mode mode, DataLoader<B> loader, int firstBatch) {
    boolean complete;
    try (DataPass<B> pass = loader.open(progress().epoch(), firstBatch)) {
      int innerIter = firstBatch;
      while (!stopRequested() && pass.hasNext()) {
        iterate(mode, pass, innerIter++);
      }
      complete = !pass.hasNext();
    }
    endEpoch(mode, complete);
    return complete;
  }
}
