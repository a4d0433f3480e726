package org.djlrunner.djl.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.optim.ModuleDescription.Member;

/**
 * The part of a network that one of several optimizers updates, by the beginnings of names.
 *
 * <p>A prefix is one or more whole parts of a state-dict name: {@code layer1} holds {@code
 * layer1.0.weight}, but not {@code layer10.0.weight}. A parameter that modules share belongs to
 * each prefix of any of its names.
 *
 * @param prefixes at least one
 */
public record ParameterPrefixes(List<String> prefixes) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no prefix, or an empty one
   */
  public ParameterPrefixes {
    prefixes = List.copyOf(prefixes);
    if (prefixes.isEmpty() || prefixes.contains("")) {
      throw new IllegalArgumentException(
          "expected one or more beginnings of parameters' names, got " + prefixes);
    }
  }

  /** The parameters by the name that the network has for them first, frozen ones too. */
  public Map<String, Object> parameters(List<ModuleDescription> modules) {
    Set<Object> chosen = chosen(modules);
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (ModuleDescription module : modules) {
      for (Member member : module.parameters()) {
        if (chosen.contains(member.identity()) && seen.add(member.identity())) {
          parameters.put(module.fullName(member), member.identity());
        }
      }
    }
    return parameters;
  }

  /** All modules, with those of their parameters that belong to this part. */
  public List<ModuleDescription> modules(List<ModuleDescription> modules) {
    Set<Object> chosen = chosen(modules);
    List<ModuleDescription> own = new ArrayList<>();
    for (ModuleDescription module : modules) {
      List<Member> members =
          module.parameters().stream().filter(m -> chosen.contains(m.identity())).toList();
      own.add(new ModuleDescription(module.path(), module.kind(), module.identity(), members));
    }
    return own;
  }

  /** What a group of all these parameters is called. */
  public String label() {
    return String.join(", ", prefixes);
  }

  private Set<Object> chosen(List<ModuleDescription> modules) {
    Set<Object> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ModuleDescription module : modules) {
      for (Member member : module.parameters()) {
        if (hold(module.fullName(member))) {
          chosen.add(member.identity());
        }
      }
    }
    return chosen;
  }

  private boolean hold(String name) {
    return prefixes.stream()
        .anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
  }
}
