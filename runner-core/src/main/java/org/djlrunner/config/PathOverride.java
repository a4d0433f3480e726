package org.djlrunner.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/**
 * One value to be set in a config.
 *
 * @param path keys and list indices between dots; {@code [0]} is understood as well, since that is
 *     how errors write it
 * @param value what to set
 */
record PathOverride(String path, ConfigNode value) {

  /** Reads {@code key.path=value}; empty after an error. */
  static Optional<PathOverride> parse(String text, ConfigErrors errors) {
    Location at = new Location(Location.OVERRIDES, 0);
    int equals = text.indexOf('=');
    if (equals < 0) {
      errors.add(text, at, "has no '='; write key=value");
      return Optional.empty();
    }
    String path = text.substring(0, equals).strip();
    return OverrideValue.parse(text.substring(equals + 1), path, errors)
        .map(value -> new PathOverride(path, value));
  }

  /** Returns the config with the value set; unchanged after an error. */
  Mapping applyTo(Mapping root, ConfigErrors errors) {
    List<String> keys = List.of(path.replaceAll("\\[([0-9]+)]", ".$1").split("\\.", -1));
    if (keys.contains("")) {
      errors.add(path, value.location(), "has an empty key before the '='; write key.path=value");
      return root;
    }
    if (keys.get(0).equals(ConfigLoader.BASE)) {
      errors.add(path, value.location(), "can be set in a file only: bases are merged by now");
      return root;
    }
    return (Mapping) set(root, keys, "", errors);
  }

  private ConfigNode set(
      @Nullable ConfigNode node, List<String> keys, String parent, ConfigErrors errors) {
    if (keys.isEmpty()) {
      return new ConfigMerge(errors).over(node, value, path);
    }
    if (node == null || (node instanceof Value plain && plain.value() == null)) {
      return setKey(new Mapping(Map.of(), value.location()), keys, parent, errors);
    }
    if (node instanceof Mapping mapping) {
      return setKey(mapping, keys, parent, errors);
    }
    if (node instanceof Sequence sequence) {
      return setItem(sequence, keys, parent, errors);
    }
    String seen = "'" + parent + "' is " + node.describe() + " (" + node.location() + ")";
    errors.add(path, value.location(), seen + ", so nothing can be set inside it");
    return node;
  }

  private Mapping setKey(Mapping mapping, List<String> keys, String parent, ConfigErrors errors) {
    String key = keys.get(0);
    Map<String, ConfigNode> entries = new LinkedHashMap<>(mapping.entries());
    ConfigNode old = entries.get(key);
    entries.put(key, set(old, rest(keys), ConfigPath.join(parent, key), errors));
    return new Mapping(entries, mapping.location());
  }

  private Sequence setItem(
      Sequence sequence, List<String> keys, String parent, ConfigErrors errors) {
    int size = sequence.items().size();
    String range = size == 0 ? "no entries" : "entries 0 to " + (size - 1);
    String list = "'" + parent + "' is a list with " + range;
    String key = keys.get(0);
    if (!key.matches("[0-9]+")) {
      errors.add(path, value.location(), list + "; '" + key + "' is not an index");
      return sequence;
    }
    // Ten digits may not fit an int, but then no list is as long either.
    if (key.length() > 9 || Integer.parseInt(key) >= size) {
      errors.add(path, value.location(), list + " (length " + size + "); there is no " + key);
      return sequence;
    }
    int index = Integer.parseInt(key);
    List<ConfigNode> items = new ArrayList<>(sequence.items());
    items.set(index, set(items.get(index), rest(keys), ConfigPath.item(parent, index), errors));
    return new Sequence(items, sequence.location());
  }

  private static List<String> rest(List<String> keys) {
    return keys.subList(1, keys.size());
  }
}
