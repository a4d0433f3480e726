package org.djlrunner.spi;

/**
 * What a mode of a runner's own, such as {@code test}, does with a batch.
 *
 * @param <B> the batch
 */
@FunctionalInterface
public interface ModeStep<B> {
  /** Computes in evaluation mode; changes nothing in the model. */
  StepOutput step(B batch, StepContext context);
}
