package org.djlrunner.djl.experiment;

import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;

/** Tells a mapping of sections by optimizers' names from a single section. */
final class NamedSections {
  private NamedSections() {}

  /**
   * Whether a mapping lacks {@code key}, which a single section has, and holds sections with it.
   */
  static boolean isIn(ConfigReader config, String key) {
    return !config.has(key)
        && config.keys().stream()
            .flatMap(name -> config.node(name).stream())
            .anyMatch(
                node ->
                    node instanceof ConfigNode.Mapping section
                        && section.entries().containsKey(key));
  }
}
