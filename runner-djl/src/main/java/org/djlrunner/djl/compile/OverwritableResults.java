package org.djlrunner.djl.compile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds operations that may overwrite their first argument, which saves an array and a pass over
 * memory each.
 *
 * <p>That is where nobody else reads the argument: neither another operation, nor the backward pass
 * of the one that computed it.
 */
final class OverwritableResults {
  /** What can compute in place. */
  private static final Set<String> IN_PLACE = Set.of("torch.relu", "torch.add");

  /** Whose backward pass doesn't need their result. */
  private static final Set<String> FORGETTING =
      Set.of("torch.batch_norm", "torch.add", "torch.conv1d", "torch.conv2d", "torch.conv3d");

  private final Map<String, Statement> producers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  OverwritableResults(Trace trace) {
    for (Statement statement : trace.statements()) {
      producers.put(statement.result().name(), statement);
      statement.arguments().forEach(this::count);
    }
    trace.outputs().forEach(this::count);
  }

  /** Whether a statement may write its result over its first argument. */
  boolean allows(Statement statement) {
    if (!IN_PLACE.contains(statement.function())
        || !(statement.arguments().get(0) instanceof Argument.Variable first)) {
      return false;
    }
    Statement producer = producers.get(first.name());
    return producer != null
        && FORGETTING.contains(producer.function())
        && uses.getOrDefault(first.name(), 0) == 1
        && producer.shape().equals(statement.shape());
  }

  private void count(Argument argument) {
    List<? extends Argument> all =
        argument instanceof Argument.Variables list ? list.variables() : List.of(argument);
    for (Argument one : all) {
      if (one instanceof Argument.Variable variable) {
        uses.merge(variable.name(), 1, Integer::sum);
      }
    }
  }
}
