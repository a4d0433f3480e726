package org.djlrunner.djl.experiment;

import ai.djl.nn.Block;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Location;
import org.djlrunner.config.Registry;
import org.djlrunner.djl.optim.ParameterPrefixes;

/**
 * A config's optimizers: one section with a {@code type}, or several by name, each with a {@code
 * type} and {@code params}, the beginnings of its parameters' names (default: its own name).
 *
 * @param names all optimizers, also those that are wrong, which is reported
 * @param optimizers by name, in the order of the config; one alone is called {@code default}
 */
record OptimizerSection(Set<String> names, Map<String, Entry> optimizers) {
  private static final String SECTION = "optimizer";
  private static final String TYPE = "type";
  private static final String PARAMS = "params";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  /**
   * One of them.
   *
   * @param part what it updates; empty for all parameters
   * @param listed whether the config lists {@code params}
   * @param path where it stands in the config
   * @param at where it was written
   */
  record Entry(
      OptimizerSpec spec,
      Optional<ParameterPrefixes> part,
      boolean listed,
      String path,
      Location at) {
    /** Where a prefix stands in the config. */
    String pathOf(int prefix) {
      return listed ? path + "." + PARAMS + "[" + prefix + "]" : path;
    }
  }

  /** Reads the section from the config's root, reporting all that is wrong. */
  static OptimizerSection read(ConfigReader root, Registry<OptimizerSpec> types) {
    ConfigReader config = root.section(SECTION);
    Map<String, Entry> read = new LinkedHashMap<>();
    if (!NamedSections.isIn(config, TYPE)) {
      types
          .build(config)
          .ifPresent(
              spec ->
                  read.put(
                      RunnerBuilder.DEFAULT_OPTIMIZER,
                      new Entry(spec, Optional.empty(), false, config.path(), config.location())));
      return new OptimizerSection(Set.of(RunnerBuilder.DEFAULT_OPTIMIZER), read);
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : config.keys()) {
      if (config.has(name)) {
        names.add(name);
        named(name, config, types).ifPresent(entry -> read.put(name, entry));
      }
    }
    return new OptimizerSection(names, read);
  }

  private static Optional<Entry> named(
      String name, ConfigReader config, Registry<OptimizerSpec> types) {
    ConfigReader section = config.section(name);
    int before = config.problems();
    config.require(
        NAME.matcher(name).matches(),
        name,
        "an optimizer's name has letters a to z, digits, _ and - only, since logs and files show"
            + " it; rename it, and give its parameters by params");
    boolean listed = section.has(PARAMS);
    List<String> prefixes = section.strings(PARAMS, List.of(name));
    section.require(
        !prefixes.isEmpty() && !prefixes.contains(""),
        PARAMS,
        "expected one or more beginnings of parameters' names, got " + prefixes);
    Optional<OptimizerSpec> spec = types.build(section);
    return config.problems() > before
        ? Optional.empty()
        : spec.map(
            built ->
                new Entry(
                    built,
                    Optional.of(new ParameterPrefixes(prefixes)),
                    listed,
                    section.path(),
                    section.location()));
  }

  /**
   * Their groups for a preview of schedules.
   *
   * @param network makes the network, initialised, for groups that follow from it
   * @throws org.djlrunner.config.ConfigException if one can't tell
   */
  Map<String, OptimizerOutline> outline(Supplier<Block> network) {
    Map<String, OptimizerOutline> outlines = new LinkedHashMap<>();
    optimizers.forEach(
        (name, entry) ->
            outlines.put(
                name,
                entry
                    .part()
                    .map(part -> entry.spec().outline(network, part))
                    .orElseGet(() -> entry.spec().outline(network))
                    .orElseThrow(
                        () ->
                            Experiment.refused(
                                entry.path(), "it doesn't tell its groups beforehand"))));
    return outlines;
  }
}
