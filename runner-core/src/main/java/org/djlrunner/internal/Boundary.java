package org.djlrunner.internal;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Whether a run's state is one that it can go on from, and what waits until it is.
 *
 * <p>That is between iterations, and not once an update has begun and failed.
 */
final class Boundary {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean here;
  private boolean torn;
  private boolean learned;

  /** Runs an action as soon as what is at hand is complete. */
  void then(Runnable action) {
    waiting.add(action);
  }

  /** What is at hand is complete: runs what waits for that, in order. */
  void reach() {
    here = true;
    try {
      for (Runnable action = waiting.poll(); action != null; action = waiting.poll()) {
        action.run();
      }
    } finally {
      here = false;
    }
  }

  /** The model changes from now on, until somebody marks it as learned or the iteration ends. */
  void beginUpdate() {
    torn = true;
    learned = false;
  }

  /** The update of the iteration at hand is done. */
  void markLearned() {
    torn = false;
    learned = true;
  }

  /** The iteration has ended. */
  void endIteration() {
    torn = false;
    learned = false;
  }

  /** Whether an iteration that failed had done its update by then. */
  boolean learned() {
    return learned;
  }

  /** Whether the run could be saved at its next boundary. */
  boolean isWhole() {
    return !torn;
  }

  /**
   * Refuses to tell a state that nobody can go on from.
   *
   * @throws IllegalStateException within an iteration, and after one that failed within its update
   */
  void require() {
    if (torn) {
      throw new IllegalStateException(
          "the run failed within an update; its state can't be gone on from");
    }
    if (!here) {
      throw new IllegalStateException(
          "the run's state is whole between iterations only; ask for it in atBoundary");
    }
  }
}
