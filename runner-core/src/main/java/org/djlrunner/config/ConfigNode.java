package org.djlrunner.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One value of a config and where it was written: a mapping, a sequence or a plain value. */
public sealed interface ConfigNode
    permits ConfigNode.Mapping, ConfigNode.Sequence, ConfigNode.Value {

  /** Returns where this was written; what stands behind a key is located at the key's line. */
  Location location();

  /** Returns the same content, said to be written at {@code location}. */
  ConfigNode at(Location location);

  /** Returns what an error says was seen, such as {@code the text 'fast'}. */
  String describe();

  /**
   * Named values in the order of the file.
   *
   * @param entries copied; not modifiable
   * @param location see {@link ConfigNode#location()}
   */
  record Mapping(Map<String, ConfigNode> entries, Location location) implements ConfigNode {

    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public Mapping at(Location other) {
      return new Mapping(entries, other);
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /**
   * Values in a row.
   *
   * @param items copied; not modifiable
   * @param location see {@link ConfigNode#location()}
   */
  record Sequence(List<ConfigNode> items, Location location) implements ConfigNode {

    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Sequence at(Location other) {
      return new Sequence(items, other);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * A value without parts.
   *
   * @param value a String, Long, Double, Boolean, or null
   * @param quoted whether it was written in quotes, which always makes it text
   * @param location see {@link ConfigNode#location()}
   */
  record Value(@Nullable Object value, boolean quoted, Location location) implements ConfigNode {

    @Override
    public Value at(Location other) {
      return new Value(value, quoted, other);
    }

    @Override
    public String describe() {
      if (value == null) {
        return "null";
      }
      if (value instanceof String text) {
        return "the text '" + text + "'";
      }
      return value instanceof Boolean ? value.toString() : "the number " + value;
    }
  }
}
