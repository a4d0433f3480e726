package org.djlrunner.djl.optim;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A parameter group to build an optimizer from.
 *
 * @param name what a log or an error calls it
 * @param members chooses parameters by state-dict name; frozen ones join when they are unfrozen
 * @param options what differs from the optimizer's own options, under PyTorch's names; flags are 0
 *     or 1
 */
public record GroupSpec(String name, Predicate<String> members, Map<String, Double> options) {
  /** Names that are checked against the network's. */
  private record Names(Set<String> names) implements Predicate<String> {
    @Override
    public boolean test(String name) {
      return names.contains(name);
    }
  }

  /** Copies the options. */
  public GroupSpec {
    options = Map.copyOf(options);
  }

  /** One group of all parameters, without options of its own. */
  public static List<GroupSpec> all() {
    return List.of(new GroupSpec("all parameters", name -> true, Map.of()));
  }

  /** A group of the parameters of these names; names that the network lacks are refused. */
  public static GroupSpec of(
      String name, Collection<String> parameters, Map<String, Double> options) {
    return new GroupSpec(name, new Names(new LinkedHashSet<>(parameters)), options);
  }

  /** Refuses a group of a network that has no such parameter. */
  void check(Set<String> network) {
    if (members instanceof Names listed) {
      for (String parameter : listed.names) {
        if (!network.contains(parameter)) {
          throw new IllegalArgumentException(
              "parameter group '"
                  + name
                  + "' names '"
                  + parameter
                  + "', which the network lacks; it has "
                  + network);
        }
      }
    }
    if (network.stream().noneMatch(members)) {
      throw new IllegalArgumentException("parameter group '" + name + "' matches no parameter");
    }
  }
}
