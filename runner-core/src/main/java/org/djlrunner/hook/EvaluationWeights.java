package org.djlrunner.hook;

import org.djlrunner.spi.Scope;
import org.djlrunner.spi.WeightAverage;
import org.jspecify.annotations.Nullable;

/**
 * Which weights are evaluated and saved: those in training, or an average of them.
 *
 * <p>Whoever evaluates or saves enters for as long as that takes. Scopes nest: the weights are
 * swapped by the outermost one, and swapped back when it closes, also on an exception. Closing a
 * scope again does nothing.
 */
public final class EvaluationWeights {
  private @Nullable WeightAverage average;
  private int depth;

  /**
   * Evaluates and saves this average from now on.
   *
   * @throws IllegalStateException if a run has two averages
   */
  public void use(WeightAverage average) {
    if (this.average != null) {
      throw new IllegalStateException("a run can average its weights once; leave one EMA hook out");
    }
    this.average = average;
  }

  /** Swaps the average in, if there is one, until the scope closes. */
  public Scope enter() {
    if (average == null) {
      return () -> {};
    }
    WeightAverage entered = average;
    if (depth == 0) {
      entered.swap();
    }
    depth++;
    return new Scope() {
      private boolean closed;

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          if (--depth == 0) {
            entered.swap();
          }
        }
      }
    };
  }
}
