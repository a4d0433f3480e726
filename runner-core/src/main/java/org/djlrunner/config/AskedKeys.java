package org.djlrunner.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/** The keys of one mapping, and which of them somebody asked for. */
final class AskedKeys {

  private final Mapping mapping;
  private final Set<String> asked = new LinkedHashSet<>();

  AskedKeys(Mapping mapping) {
    this.mapping = mapping;
  }

  /** Notes that the key is known, and returns what it holds, which may be null in the config. */
  @Nullable ConfigNode ask(String key) {
    asked.add(key);
    return mapping.entries().get(key);
  }

  /** Notes that the key is known, and returns what it holds unless that is null in the config. */
  @Nullable ConfigNode askPresent(String key) {
    ConfigNode node = ask(key);
    return node instanceof Value value && value.value() == null ? null : node;
  }

  /** Returns the keys that the mapping has and nobody asked for. */
  List<String> unknown() {
    return mapping.entries().keySet().stream().filter(key -> !asked.contains(key)).toList();
  }

  /** Returns what was asked for so far, in that order, whether the mapping has it or not. */
  List<String> known() {
    return asked.stream().filter(key -> !key.isEmpty()).toList();
  }
}
