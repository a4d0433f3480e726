package org.djlrunner.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/**
 * Lays one node over another.
 *
 * <p>Mappings merge key by key; everything else replaces what was there. A mapping with {@code
 * _delete_: true} replaces instead of merging. A mapping over a list or a value (other than null)
 * is an error unless it has {@code _delete_}. No {@code _delete_} is left in the result.
 */
final class ConfigMerge {

  private static final String DELETE = "_delete_";

  private final ConfigErrors errors;

  ConfigMerge(ConfigErrors errors) {
    this.errors = errors;
  }

  /** Returns {@code child} laid over {@code base}, located where the child is. */
  Mapping merge(Mapping base, Mapping child, String path) {
    if (deletes(child, path)) {
      return strip(child, path);
    }
    Map<String, ConfigNode> merged = new LinkedHashMap<>(base.entries());
    child
        .entries()
        .forEach(
            (key, node) -> {
              if (!key.equals(DELETE)) {
                merged.put(key, over(merged.get(key), node, ConfigPath.join(path, key)));
              }
            });
    return new Mapping(merged, child.location());
  }

  /** Returns {@code node} laid over {@code base}, which is null where there is nothing yet. */
  ConfigNode over(@Nullable ConfigNode base, ConfigNode node, String path) {
    if (!(node instanceof Mapping child) || base == null) {
      return strip(node, path);
    }
    if (base instanceof Mapping mapping) {
      return merge(mapping, child, path);
    }
    boolean isNull = base instanceof Value value && value.value() == null;
    if (!isNull && !deletes(child, path)) {
      errors.add(
          path,
          child.location(),
          String.format(
              "a mapping cannot be merged over %s of %s; add '_delete_: true' to replace it",
              base.describe(), base.location()));
    }
    return strip(child, path);
  }

  private ConfigNode strip(ConfigNode node, String path) {
    if (node instanceof Mapping mapping) {
      return strip(mapping, path);
    }
    if (node instanceof Sequence sequence) {
      List<ConfigNode> items = sequence.items().stream().map(item -> strip(item, path)).toList();
      return new Sequence(items, sequence.location());
    }
    return node;
  }

  private Mapping strip(Mapping mapping, String path) {
    Map<String, ConfigNode> kept = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, node) -> {
              if (!key.equals(DELETE)) {
                kept.put(key, strip(node, ConfigPath.join(path, key)));
              }
            });
    return new Mapping(kept, mapping.location());
  }

  private boolean deletes(Mapping mapping, String path) {
    ConfigNode delete = mapping.entries().get(DELETE);
    if (delete == null) {
      return false;
    }
    if (delete instanceof Value value && value.value() instanceof Boolean wanted) {
      return wanted;
    }
    errors.add(
        ConfigPath.join(path, DELETE),
        delete.location(),
        "expected true or false, got " + delete.describe());
    return false;
  }
}
