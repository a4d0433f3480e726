package org.djlrunner.hook;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The hooks of a runner in the order in which they are called. */
public final class Hooks implements Iterable<Hook> {
  private final List<Registered> registered = new ArrayList<>();

  private record Registered(Hook hook, Priority priority) {}

  /**
   * Adds a hook behind all hooks of the same or a higher priority.
   *
   * @throws IllegalArgumentException if this very object is registered already: it would be called
   *     twice at each stage
   */
  public void add(Hook hook, Priority priority) {
    if (registered.stream().anyMatch(r -> r.hook == hook)) {
      throw new IllegalArgumentException(
          "this " + hook.getClass().getSimpleName() + " is registered already; register another");
    }
    int position = registered.size();
    while (position > 0 && registered.get(position - 1).priority.compareTo(priority) > 0) {
      position--;
    }
    registered.add(position, new Registered(hook, priority));
  }

  /** Removes a hook; whether it was there. */
  public boolean remove(Hook hook) {
    return registered.removeIf(r -> r.hook == hook);
  }

  /**
   * The priority with which a hook was registered.
   *
   * @throws IllegalArgumentException if it is not registered
   */
  public Priority priorityOf(Hook hook) {
    return registered.stream()
        .filter(r -> r.hook == hook)
        .map(Registered::priority)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(hook + " is not registered"));
  }

  /** The hooks that do something at a stage, in calling order. */
  public List<Hook> at(Stage stage) {
    return registered.stream()
        .map(Registered::hook)
        .filter(hook -> hook.triggeredStages().contains(stage))
        .toList();
  }

  @Override
  public Iterator<Hook> iterator() {
    return registered.stream().map(Registered::hook).iterator();
  }

  /**
   * A table of the hooks by stage, in the form of MMCV's {@code get_hook_info}: for each stage that
   * has any, its name, a line of priority and class for each hook in calling order, and a dashed
   * line.
   */
  public String describe() {
    StringBuilder table = new StringBuilder();
    for (Stage stage : Stage.values()) {
      List<Hook> hooks = at(stage);
      if (!hooks.isEmpty()) {
        table.append(stage).append(":\n");
        for (Hook hook : hooks) {
          String name = hook.getClass().getSimpleName();
          table.append(
              String.format("(%-12s) %-35s\n", priorityOf(hook), name.isEmpty() ? "Hook" : name));
        }
        table.append(" -------------------- \n");
      }
    }
    return table.toString();
  }
}
