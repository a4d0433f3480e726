package org.djlrunner.djl.experiment;

import ai.djl.nn.Block;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.ParameterPrefixes;
import org.djlrunner.spi.Optimizer;

/** An optimizer that a config describes, built once there is a model. */
@FunctionalInterface
public interface OptimizerSpec {
  /** Builds it over the model's parameters. */
  Optimizer create(DjlModelStep<?> model);

  /**
   * Builds it over a part of the model's parameters, as one of several optimizers.
   *
   * @throws IllegalArgumentException unless overridden
   */
  default Optimizer create(DjlModelStep<?> model, ParameterPrefixes part) {
    throw new IllegalArgumentException(
        "it can't update a part of the parameters, so it can't be one of several optimizers; give"
            + " the section optimizer its type, or override OptimizerSpec.create(model, part)");
  }

  /**
   * The groups that it will have, for a preview of schedules; the default can't tell.
   *
   * @param network makes the network, initialised, for groups that follow from it
   */
  default Optional<OptimizerOutline> outline(Supplier<Block> network) {
    return Optional.empty();
  }

  /**
   * The groups that it will have as one of several optimizers, for a preview of schedules; the
   * default can't tell.
   *
   * @param network makes the network, initialised, for groups that follow from it
   */
  default Optional<OptimizerOutline> outline(Supplier<Block> network, ParameterPrefixes part) {
    return Optional.empty();
  }
}
