package org.djlrunner.djl.experiment;

import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.spi.Optimizer;

/** An optimizer that a config describes, built once there is a model. */
@FunctionalInterface
public interface OptimizerSpec {
  /** Builds it over the model's parameters. */
  Optimizer create(DjlModelStep<?> model);
}
