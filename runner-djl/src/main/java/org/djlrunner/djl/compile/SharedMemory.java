package org.djlrunner.djl.compile;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which variables of a trace may be views of one array, so that a change of one is seen in all.
 *
 * <p>An operation that sometimes copies, as reshaping does, counts as a view.
 */
final class SharedMemory {
  private static final Set<String> VIEWS =
      Set.of(
          "torch.reshape",
          "torch.flatten",
          "torch.squeeze",
          "torch.unsqueeze",
          "torch.permute",
          "torch.transpose",
          "torch.expand",
          // In evaluation it hands back what it got.
          "torch.dropout");

  private final Map<String, String> bases = new HashMap<>();

  /** Takes in a statement; the ones before it must have been taken in. */
  void add(Statement statement) {
    boolean same = statement.changesArgument() || VIEWS.contains(statement.function());
    if (same && statement.arguments().get(0) instanceof Argument.Variable first) {
      bases.put(statement.result().name(), base(first.name()));
    }
  }

  /** Whether a change of one variable may be seen in the other. */
  boolean areShared(String left, String right) {
    return base(left).equals(base(right));
  }

  private String base(String variable) {
    return bases.getOrDefault(variable, variable);
  }
}
