package org.djlrunner.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/** Nodes as plain Java maps, lists and values, and back. */
final class PlainData {

  private PlainData() {}

  static Map<String, Object> of(Mapping mapping) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    mapping.entries().forEach((key, node) -> map.put(key, of(node)));
    return map;
  }

  private static @Nullable Object of(ConfigNode node) {
    if (node instanceof Mapping mapping) {
      return of(mapping);
    }
    if (node instanceof Sequence sequence) {
      List<@Nullable Object> list = new ArrayList<>();
      sequence.items().forEach(item -> list.add(of(item)));
      return list;
    }
    return ((Value) node).value();
  }

  /**
   * Returns {@code data} as a node whose every part is located at {@code at}.
   *
   * @throws IllegalArgumentException if a part is none of String, Number, Boolean, null, List, Map
   */
  static ConfigNode node(@Nullable Object data, Location at) {
    if (data instanceof Map<?, ?> map) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      map.forEach((key, value) -> entries.put(String.valueOf(key), node(value, at)));
      return new Mapping(entries, at);
    }
    if (data instanceof List<?> list) {
      List<ConfigNode> items = new ArrayList<>();
      list.forEach(item -> items.add(node(item, at)));
      return new Sequence(items, at);
    }
    return new Value(scalar(data), data instanceof String, at);
  }

  private static @Nullable Object scalar(@Nullable Object data) {
    if (data == null || data instanceof String || data instanceof Boolean) {
      return data;
    }
    if (data instanceof Long || data instanceof Integer || data instanceof Short) {
      return ((Number) data).longValue();
    }
    if (data instanceof Number number) {
      // By way of the text, so that the float 0.1f is 0.1 and not 0.10000000149011612.
      return Double.valueOf(number.toString());
    }
    throw new IllegalArgumentException(
        "a config holds texts, numbers, booleans, lists and maps; got " + data.getClass());
  }
}
