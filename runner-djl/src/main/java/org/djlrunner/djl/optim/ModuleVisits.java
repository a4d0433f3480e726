package org.djlrunner.djl.optim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which modules of a network are looked at, in order.
 *
 * <p>As in PyTorch, a module that is twice a child of the same parent is looked at once, under its
 * first name; below different parents it is looked at each time.
 */
final class ModuleVisits {
  private ModuleVisits() {}

  static List<ModuleDescription> of(List<ModuleDescription> modules) {
    List<ModuleDescription> visited = new ArrayList<>();
    Map<String, Set<Object>> children = new HashMap<>();
    Set<String> skipped = new HashSet<>();
    for (ModuleDescription module : modules) {
      boolean root = module.path().isEmpty();
      boolean again =
          !root
              && (skipped.contains(module.parent())
                  || !children
                      .computeIfAbsent(module.parent(), parent -> new HashSet<>())
                      .add(module.identity()));
      if (again) {
        skipped.add(module.path());
      } else {
        visited.add(module);
      }
    }
    return visited;
  }
}
