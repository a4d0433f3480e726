package org.djlrunner.spi;

/** A training step's loss, ready to be differentiated once. */
public interface Loss {
  /**
   * Computes the gradients of {@code scale * loss}, for the optimizer's next step.
   *
   * @param scale factor on the loss, such as 1/n when n batches share one update
   * @throws IllegalStateException if called twice, or after the step was closed
   */
  void backward(double scale);

  /** Computes the gradients of the loss itself. */
  default void backward() {
    backward(1);
  }
}
