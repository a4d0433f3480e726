package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.NearNames;
import org.djlrunner.djl.optim.ModuleDescription;
import org.djlrunner.djl.optim.ParameterPrefixes;

/** Holds what several optimizers shall update against the network: all that is wrong at once. */
final class OptimizerParts {
  /** Names in a message before it says how many more there are. */
  private static final int SHOWN = 5;

  private OptimizerParts() {}

  /**
   * Refuses prefixes that no parameter has, and parameters of two optimizers.
   *
   * @throws org.djlrunner.config.ConfigException with their places in the config
   */
  static void check(OptimizerSection section, List<ModuleDescription> modules) {
    ConfigErrors errors = new ConfigErrors();
    IdentityHashMap<Object, String> owners = new IdentityHashMap<>();
    section
        .optimizers()
        .forEach(
            (name, entry) ->
                entry
                    .part()
                    .ifPresent(
                        part -> {
                          requireParameters(entry, part, modules, errors);
                          requireOwn(name, entry, part.parameters(modules), owners, errors);
                        }));
    errors.throwIfAny();
  }

  /** Names for a message, the first few of many. */
  static String some(List<String> names) {
    List<String> first = names.subList(0, Math.min(SHOWN, names.size()));
    int more = names.size() - first.size();
    return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
  }

  private static void requireParameters(
      OptimizerSection.Entry entry,
      ParameterPrefixes part,
      List<ModuleDescription> modules,
      ConfigErrors errors) {
    for (int i = 0; i < part.prefixes().size(); i++) {
      String prefix = part.prefixes().get(i);
      if (new ParameterPrefixes(List.of(prefix)).parameters(modules).isEmpty()) {
        Set<String> known = prefixes(modules);
        errors.add(
            entry.pathOf(i),
            entry.at(),
            "the network has no parameter '"
                + prefix
                + "' or below it"
                + NearNames.suggestion(prefix, known)
                + "; it has "
                + some(known.stream().filter(name -> name.indexOf('.') < 0).toList())
                + (entry.listed() ? "" : "; say which are the optimizer's by params: [...]"));
      }
    }
  }

  private static void requireOwn(
      String name,
      OptimizerSection.Entry entry,
      Map<String, Object> parameters,
      IdentityHashMap<Object, String> owners,
      ConfigErrors errors) {
    Map<String, List<String>> shared = new LinkedHashMap<>();
    parameters.forEach(
        (parameter, identity) -> {
          String owner = owners.putIfAbsent(identity, name);
          if (owner != null) {
            shared.computeIfAbsent(owner, o -> new ArrayList<>()).add(parameter);
          }
        });
    shared.forEach(
        (owner, both) ->
            errors.add(
                entry.path(),
                entry.at(),
                "optimizer '"
                    + owner
                    + "' updates "
                    + some(both)
                    + " too; give each parameter to one of them by params"));
  }

  /** Whatever a parameter's name can begin with, the shorter first. */
  private static Set<String> prefixes(List<ModuleDescription> modules) {
    Set<String> prefixes = new LinkedHashSet<>();
    for (ModuleDescription module : modules) {
      for (ModuleDescription.Member member : module.parameters()) {
        String name = module.fullName(member);
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
          prefixes.add(name.substring(0, dot));
        }
        prefixes.add(name);
      }
    }
    return prefixes;
  }
}
