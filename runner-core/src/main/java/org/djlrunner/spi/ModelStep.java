package org.djlrunner.spi;

import java.util.Set;
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

  /**
   * Computes the loss and metrics of a batch in evaluation mode; changes nothing in the model.
   *
   * @throws IllegalStateException unless overridden: a model may be for training only
   */
  default StepOutput valStep(B batch, StepContext context) {
    throw new IllegalStateException(
        getClass().getSimpleName()
            + " has no validation step; override valStep, or leave out val flows and evaluation");
  }

  /** The modes that a workflow may name: {@code train} and {@code val} unless overridden. */
  default Set<Mode> modes() {
    return Set.of(Mode.TRAIN, Mode.VAL);
  }

  /** Runs the step of one of the {@link #modes}. */
  default StepOutput runStep(Mode mode, B batch, StepContext context) {
    if (mode.equals(Mode.TRAIN)) {
      return trainStep(batch, context);
    }
    if (mode.equals(Mode.VAL)) {
      return valStep(batch, context);
    }
    throw new IllegalStateException("no step for the mode '" + mode + "'; there are " + modes());
  }

  /**
   * Begins gathering metrics that are no means of batches; validation steps add to it until it is
   * closed. One at a time. By default there are none.
   */
  default Evaluation beginEvaluation() {
    return Evaluation.none();
  }

  /**
   * Prepares the calling thread and the model for a mode, such as gradients on or off. All modes
   * but {@link Mode#TRAIN} evaluate.
   *
   * <p>Scopes nest: closing one brings back exactly what was before, so an evaluation in the middle
   * of an epoch leaves no trace.
   */
  Scope enter(Mode mode);
}
