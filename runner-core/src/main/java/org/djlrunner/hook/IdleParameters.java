package org.djlrunner.hook;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Names the parameters that take no part in the loss, once and whenever their set changes.
 *
 * <p>For debugging: it reads the device at each iteration.
 */
final class IdleParameters {
  private Set<String> last = Set.of();

  /** Looks at the gradients of the iteration at hand, before its update. */
  void look(HookContext context) {
    boolean several = context.optimizers().size() > 1;
    Set<String> idle = new LinkedHashSet<>();
    context
        .optimizers()
        .forEach(
            (name, optimizer) ->
                optimizer
                    .idleParameters()
                    .forEach(p -> idle.add(several ? p + " of '" + name + "'" : p)));
    if (idle.equals(last)) {
      return;
    }
    last = idle;
    int iteration = context.progress().iter() + 1;
    context
        .logs()
        .note(
            idle.isEmpty()
                ? "From iteration " + iteration + " on all parameters take part in the loss"
                : "WARNING: from iteration "
                    + iteration
                    + " on "
                    + idle.size()
                    + " parameters take no part in the loss, or have a gradient of zero: "
                    + String.join(", ", idle));
  }
}
