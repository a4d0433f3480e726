package org.djlrunner.djl.experiment;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.BlockModules;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.djl.optim.ModuleDescription;
import org.djlrunner.djl.optim.ParameterPrefixes;
import org.djlrunner.djl.optim.ParamwiseRules;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * An optimizer whose parameters are grouped by {@code paramwise_cfg} once there is a model.
 *
 * @param kind PyTorch's name of the optimizer's class
 * @param rules empty for one group of all parameters
 * @param options the optimizer's own options; with {@code lr} and {@code weight_decay}
 */
record GroupedOptimizer(
    String kind, Optional<ParamwiseRules> rules, Map<String, Double> options, Factory factory)
    implements OptimizerSpec {
  /** Makes the optimizer of some groups. */
  @FunctionalInterface
  interface Factory {
    Optimizer create(DjlModelStep<?> model, List<GroupSpec> groups);
  }

  /** Reads the rules beside an optimizer's options. */
  static GroupedOptimizer read(
      ConfigReader config, String kind, Map<String, Double> options, Factory factory) {
    return new GroupedOptimizer(kind, ParamwiseSection.read(config), options, factory);
  }

  @Override
  public Optimizer create(DjlModelStep<?> model) {
    return factory.create(model, groups(BlockModules.of(model.block())));
  }

  @Override
  public Optimizer create(DjlModelStep<?> model, ParameterPrefixes part) {
    return factory.create(model, groups(BlockModules.of(model.block()), part));
  }

  @Override
  public Optional<OptimizerOutline> outline(Supplier<Block> network) {
    return outline(rules.isPresent() ? groups(BlockModules.of(network.get())) : GroupSpec.all());
  }

  @Override
  public Optional<OptimizerOutline> outline(Supplier<Block> network, ParameterPrefixes part) {
    return outline(
        rules.isPresent() ? groups(BlockModules.of(network.get()), part) : GroupSpec.all());
  }

  private Optional<OptimizerOutline> outline(List<GroupSpec> specs) {
    List<ParamGroup> outlines = new ArrayList<>();
    for (GroupSpec spec : specs) {
      Map<String, Double> own = new LinkedHashMap<>(options);
      own.putAll(spec.options());
      outlines.add(new ParamGroup(spec.name(), own));
    }
    return Optional.of(new OptimizerOutline(kind, outlines));
  }

  /** The groups that a network's parameters fall into. */
  List<GroupSpec> groups(List<ModuleDescription> modules) {
    return rules.map(r -> r.groups(modules, lr(), weightDecay())).orElseGet(GroupSpec::all);
  }

  /** The groups that a part of a network's parameters falls into. */
  private List<GroupSpec> groups(List<ModuleDescription> modules, ParameterPrefixes part) {
    return rules
        .map(r -> r.groups(part.modules(modules), lr(), weightDecay()))
        .orElseGet(
            () -> List.of(GroupSpec.of(part.label(), part.parameters(modules).keySet(), Map.of())));
  }

  /** The optimizer's own rate. */
  double lr() {
    return options.getOrDefault(ParamGroup.LR, 0.0);
  }

  /** The optimizer's own decay. */
  double weightDecay() {
    return options.getOrDefault("weight_decay", 0.0);
  }
}
