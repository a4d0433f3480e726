package org.djlrunner.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/** Loads a file and, recursively, the files that its {@code _base_} names. */
final class ConfigLoader {

  static final String BASE = "_base_";

  private final ConfigErrors errors;
  private final Set<Path> loading = new LinkedHashSet<>();

  ConfigLoader(ConfigErrors errors) {
    this.errors = errors;
  }

  /**
   * Returns the file laid over its bases; empty after an error that leaves nothing to go on with.
   *
   * @param askedFrom where the file is named; null for the one that the user names
   */
  Optional<Mapping> load(Path file, @Nullable Location askedFrom) {
    // Not the real path: a link to a file in another folder has its bases where the link stands.
    Path identity = file.toAbsolutePath().normalize();
    if (!loading.add(identity)) {
      errors.add(BASE, askedFrom, "'" + file + "' inherits from itself: " + cycle(identity));
      return Optional.empty();
    }
    Optional<Mapping> loaded =
        ConfigFile.read(file, askedFrom, errors).map(mapping -> withBases(mapping, file));
    loading.remove(identity);
    return loaded;
  }

  private String cycle(Path again) {
    return Stream.concat(loading.stream().dropWhile(path -> !path.equals(again)), Stream.of(again))
        .map(path -> String.valueOf(path.getFileName()))
        .collect(Collectors.joining(" -> "));
  }

  private Mapping withBases(Mapping own, Path file) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>(own.entries());
    ConfigNode base = entries.remove(BASE);
    Mapping child = new Mapping(entries, own.location());
    Mapping bases = new Mapping(base == null ? Map.of() : bases(base, file), own.location());
    return new ConfigMerge(errors).merge(bases, child, "");
  }

  private Map<String, ConfigNode> bases(ConfigNode base, Path file) {
    Map<String, ConfigNode> together = new LinkedHashMap<>();
    for (Value name : names(base)) {
      Path path = file.resolveSibling(String.valueOf(name.value())).normalize();
      load(path, name.location())
          .ifPresent(loaded -> loaded.entries().forEach((key, node) -> add(together, key, node)));
    }
    return together;
  }

  private void add(Map<String, ConfigNode> together, String key, ConfigNode node) {
    ConfigNode first = together.putIfAbsent(key, node);
    if (first != null) {
      errors.add(
          key,
          node.location(),
          "another base, at " + first.location() + ", has the key too; bases must not overlap");
    }
  }

  private List<Value> names(ConfigNode base) {
    List<ConfigNode> items = base instanceof Sequence list ? list.items() : List.of(base);
    List<Value> names = new ArrayList<>();
    for (ConfigNode item : items) {
      if (item instanceof Value value && value.value() instanceof String) {
        names.add(value);
      } else {
        errors.add(
            BASE, item.location(), "expected a file or a list of files, got " + item.describe());
      }
    }
    return names;
  }
}
