package org.djlrunner.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;

/** Reads the config's {@code workflow}, a list of pairs such as {@code [[train, 2], [val, 1]]}. */
public final class WorkflowConfig {
  private static final String KEY = "workflow";
  private static final String FORM = "expected pairs such as [[train, 2], [val, 1]]";

  private WorkflowConfig() {}

  /**
   * The workflow, {@code [(train, 1)]} if there is none; empty if it is wrong, which is reported.
   *
   * @param modes the modes that it may name
   */
  public static Optional<Workflow> read(ConfigReader root, Set<Mode> modes) {
    Optional<ConfigNode> node = root.node(KEY);
    if (node.isEmpty() || !root.has(KEY)) {
      return Optional.of(Workflow.training());
    }
    try {
      Workflow workflow = new Workflow(flows(node.get()));
      workflow.requireModes(modes);
      return Optional.of(workflow);
    } catch (IllegalArgumentException e) {
      root.error(KEY, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static List<Flow> flows(ConfigNode node) {
    List<Flow> flows = new ArrayList<>();
    for (ConfigNode entry : items(node)) {
      List<ConfigNode> pair = items(entry);
      if (pair.size() == 2
          && pair.get(0) instanceof ConfigNode.Value mode
          && mode.value() instanceof String name
          && pair.get(1) instanceof ConfigNode.Value count
          && count.value() instanceof Long number
          && number == number.intValue()) {
        flows.add(new Flow(new Mode(name), number.intValue()));
      } else {
        throw new IllegalArgumentException(FORM);
      }
    }
    return flows;
  }

  private static List<ConfigNode> items(ConfigNode node) {
    if (node instanceof ConfigNode.Sequence sequence) {
      return sequence.items();
    }
    throw new IllegalArgumentException(FORM);
  }
}
