package org.djlrunner.djl.experiment;

import ai.djl.nn.Block;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.spi.Optimizer;

/** An optimizer that a config describes, built once there is a model. */
@FunctionalInterface
public interface OptimizerSpec {
  /** Builds it over the model's parameters. */
  Optimizer create(DjlModelStep<?> model);

  /**
   * The groups that it will have, for a preview of schedules; the default can't tell.
   *
   * @param network makes the network, initialised, for groups that follow from it
   */
  default Optional<OptimizerOutline> outline(Supplier<Block> network) {
    return Optional.empty();
  }
}
