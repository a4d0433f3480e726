package org.djlrunner.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.spi.Stateful;

/**
 * What the hooks of a run remember, by the name of their class; a second one of a class, in calling
 * order, is {@code NAME#2}.
 */
final class HookStates {
  private HookStates() {}

  /** The present states. */
  static Map<String, Map<String, Object>> of(Hooks hooks) {
    Map<String, Map<String, Object>> states = new LinkedHashMap<>();
    byName(hooks).forEach((name, hook) -> states.put(name, hook.state()));
    return states;
  }

  /**
   * Gives hooks their states back.
   *
   * @return the names of hooks that have none here, and of states that no hook here has
   * @throws IllegalArgumentException if a hook can't take its state; the message names it
   */
  static List<String> restore(Hooks hooks, Map<String, Map<String, Object>> states) {
    List<String> unmatched = new ArrayList<>();
    Map<String, Stateful> present = byName(hooks);
    present.forEach(
        (name, hook) -> {
          Map<String, Object> state = states.get(name);
          if (state == null) {
            unmatched.add(name + " has no state in it and begins anew");
            return;
          }
          try {
            hook.restore(state);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "the state of " + name + " doesn't fit: " + e.getMessage(), e);
          }
        });
    for (String name : states.keySet()) {
      if (!present.containsKey(name)) {
        unmatched.add("it holds a state of " + name + ", which this run doesn't have");
      }
    }
    return unmatched;
  }

  private static Map<String, Stateful> byName(Hooks hooks) {
    Map<String, Stateful> named = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Hook hook : hooks) {
      if (hook instanceof Stateful stateful) {
        String name = hook.getClass().getSimpleName();
        int count = counts.merge(name, 1, Integer::sum);
        named.put(count == 1 ? name : name + "#" + count, stateful);
      }
    }
    return named;
  }
}
