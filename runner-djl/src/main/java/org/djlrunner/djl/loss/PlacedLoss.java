package org.djlrunner.djl.loss;

import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.Loss;

/** A loss that has numbers of its own, such as class weights, which belong on a device. */
public interface PlacedLoss {
  /**
   * The same loss with its numbers on a device, copied there once.
   *
   * @param manager owns them; the loss must not be used after it was closed
   */
  Loss on(NDManager manager);
}
