package org.djlrunner.djl.experiment;

import java.util.List;
import java.util.Optional;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.BlockModules;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.optim.ModuleDescription;
import org.djlrunner.djl.optim.ParamwiseRules;
import org.djlrunner.spi.Optimizer;

/**
 * An optimizer whose parameters are grouped by {@code paramwise_cfg} once there is a model.
 *
 * @param rules empty for one group of all parameters
 * @param lr the optimizer's own rate
 * @param weightDecay the optimizer's own decay
 */
record GroupedOptimizer(
    Optional<ParamwiseRules> rules, double lr, double weightDecay, Factory factory)
    implements OptimizerSpec {
  /** Makes the optimizer of some groups. */
  @FunctionalInterface
  interface Factory {
    Optimizer create(DjlModelStep<?> model, List<GroupSpec> groups);
  }

  /** Reads the rules beside an optimizer's options. */
  static GroupedOptimizer read(
      ConfigReader config, double lr, double weightDecay, Factory factory) {
    return new GroupedOptimizer(ParamwiseSection.read(config), lr, weightDecay, factory);
  }

  @Override
  public Optimizer create(DjlModelStep<?> model) {
    return factory.create(model, groups(BlockModules.of(model.block())));
  }

  /** The groups that a network's parameters fall into. */
  List<GroupSpec> groups(List<ModuleDescription> modules) {
    return rules.map(r -> r.groups(modules, lr, weightDecay)).orElseGet(GroupSpec::all);
  }
}
