package org.djlrunner.djl.experiment;

import ai.djl.training.loss.Loss;

/** A loss that a config describes. */
@FunctionalInterface
public interface LossSpec {
  /** Builds it; the mean of a batch. */
  Loss create();
}
