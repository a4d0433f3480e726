package org.djlrunner.spi;

import org.djlrunner.Mode;

/**
 * The model and its loss, as the runner sees them: one call a batch.
 *
 * <p>A training step only computes forward; the optimizer hook does backward and update, so that
 * accumulation, clipping and mixed precision are hooks too. Both steps have one signature in every
 * runner. All calls come from the thread that called {@code run}.
 *
 * @param <B> the batch; the loop closes it after the iteration if it is {@link AutoCloseable}
 */
public interface ModelStep<B> {
  /** Computes the loss of a batch, ready for backward. */
  StepOutput trainStep(B batch, StepContext context);

  /** Computes the loss and metrics of a batch in evaluation mode; changes nothing in the model. */
  StepOutput valStep(B batch, StepContext context);

  /**
   * Begins gathering metrics that are no means of batches; validation steps add to it until it is
   * closed. One at a time. By default there are none.
   */
  default Evaluation beginEvaluation() {
    return Evaluation.none();
  }

  /**
   * Prepares the calling thread and the model for a mode, such as gradients on or off.
   *
   * <p>Scopes nest: closing one brings back exactly what was before, so an evaluation in the middle
   * of an epoch leaves no trace.
   */
  Scope enter(Mode mode);
}
