package org.djlrunner.spi;

import org.djlrunner.Mode;

/**
 * MMCV's older way to describe a step: one function for training and validation.
 *
 * <pre>{@code
 * ModelStep<Batch> step = processor.over(network);
 * }</pre>
 *
 * @param <M> the model
 * @param <B> the batch
 */
@FunctionalInterface
public interface BatchProcessor<M, B> {
  /**
   * Processes a batch.
   *
   * @param trainMode whether to compute a loss ready for backward, or to evaluate
   */
  StepOutput process(M model, B batch, boolean trainMode);

  /**
   * The steps of a model that this function processes.
   *
   * <p>Entering a mode does nothing: what has to be switched, such as gradients, the function
   * switches by {@code trainMode}, as it had to in MMCV.
   */
  default ModelStep<B> over(M model) {
    return new ModelStep<>() {
      @Override
      public StepOutput trainStep(B batch, StepContext context) {
        return process(model, batch, true);
      }

      @Override
      public StepOutput valStep(B batch, StepContext context) {
        return process(model, batch, false);
      }

      @Override
      public Scope enter(Mode mode) {
        return () -> {};
      }
    };
  }
}
