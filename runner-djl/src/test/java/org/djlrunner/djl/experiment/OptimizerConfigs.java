package org.djlrunner.djl.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.optim.GroupSpec;

/** Reads optimizers' sections as an experiment does. */
final class OptimizerConfigs {
  private OptimizerConfigs() {}

  /** The optimizer that a config's section {@code optimizer} describes. */
  static GroupedOptimizer read(String yaml) {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root = Config.parse(yaml, "optimizer.yaml").reader(errors);
    var built = Components.shipped().optimizers().build(root.section("optimizer"));
    errors.throwIfAny();
    return (GroupedOptimizer) built.orElseThrow();
  }

  static GroupedOptimizer read(JsonNode config) {
    return read(config.toString());
  }

  static List<GroupSpec> groups(JsonNode config, RecordedModel model) {
    return read(config).groups(model.modules());
  }
}
