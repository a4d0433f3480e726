package org.djlrunner;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.spi.Optimizer;

/** Refuses optimizers that would update a parameter twice. */
final class OptimizerCheck {
  /** Names in a message before it says how many more there are. */
  private static final int SHOWN = 5;

  private OptimizerCheck() {}

  static void check(Map<String, Optimizer> optimizers) {
    IdentityHashMap<Object, String> owners = new IdentityHashMap<>();
    Map<String, List<String>> shared = new LinkedHashMap<>();
    optimizers.forEach(
        (name, optimizer) ->
            optimizer
                .parameters()
                .forEach(
                    (parameter, identity) -> {
                      String owner = owners.putIfAbsent(identity, name);
                      if (owner != null) {
                        String both = "'" + owner + "' and '" + name + "'";
                        shared.computeIfAbsent(both, b -> new ArrayList<>()).add(parameter);
                      }
                    }));
    shared.forEach(
        (both, parameters) -> {
          List<String> first = parameters.subList(0, Math.min(SHOWN, parameters.size()));
          int more = parameters.size() - first.size();
          throw new IllegalArgumentException(
              "optimizers "
                  + both
                  + " both update "
                  + String.join(", ", first)
                  + (more > 0 ? " and " + more + " more" : "")
                  + "; give each parameter to one of them, by their groups");
        });
  }
}
