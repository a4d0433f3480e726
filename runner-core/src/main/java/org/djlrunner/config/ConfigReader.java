package org.djlrunner.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * A typed view of one mapping that knows its path and which keys were asked for.
 *
 * <p>Nothing here throws for what a user wrote: a wrong value becomes an error with its place, and
 * the caller gets the fallback, or a neutral value ({@code ""}, 0, false) where there is none, so
 * that it goes on and finds the next mistake. A key that is null counts as absent. After all keys
 * were asked for, {@link #finish} reports the keys that nobody knows.
 */
public final class ConfigReader {

  private final Mapping mapping;
  private final String path;
  private final ConfigErrors errors;
  private final AskedKeys keys;

  ConfigReader(Mapping mapping, String path, ConfigErrors errors) {
    this.mapping = mapping;
    this.path = path;
    this.errors = errors;
    this.keys = new AskedKeys(mapping);
  }

  /** Returns where the mapping stands in the config, such as {@code data.train}; "" at the root. */
  public String path() {
    return path;
  }

  /** Returns where the mapping was written. */
  public Location location() {
    return mapping.location();
  }

  /** Returns the keys present, in the order of the file; asks for none of them. */
  public List<String> keys() {
    return List.copyOf(mapping.entries().keySet());
  }

  /** Returns whether the key is present and not null. */
  public boolean has(String key) {
    return keys.askPresent(key) != null;
  }

  /** Returns whether the key holds a list. */
  public boolean isSequence(String key) {
    return keys.askPresent(key) instanceof Sequence;
  }

  /** Returns a text; an error and "" when it is absent or no text. */
  public String string(String key) {
    return required(key, ValueKind.TEXT, "");
  }

  /** Returns a text, or the fallback when it is absent. */
  public String string(String key, String fallback) {
    return optional(key, ValueKind.TEXT).orElse(fallback);
  }

  /** Returns a text, or null when it is absent. */
  public @Nullable String stringOrNull(String key) {
    return optional(key, ValueKind.TEXT).orElse(null);
  }

  /** Returns a whole number; an error and 0 when it is absent, has a fraction, or is no int. */
  public int integer(String key) {
    return required(key, ValueKind.INTEGER, 0);
  }

  /** Returns a whole number, or the fallback when it is absent. */
  public int integer(String key, int fallback) {
    return optional(key, ValueKind.INTEGER).orElse(fallback);
  }

  /** Returns a whole number, if it is present. */
  public OptionalInt optionalInteger(String key) {
    return optional(key, ValueKind.INTEGER).map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  /** Returns a whole number of up to 64 bits, or the fallback when it is absent. */
  public long longInteger(String key, long fallback) {
    return optional(key, ValueKind.LONG).orElse(fallback);
  }

  /** Returns a finite number, whole or not; an error and 0 when it is absent or no such number. */
  public double number(String key) {
    return required(key, ValueKind.NUMBER, 0.0);
  }

  /** Returns a finite number, or the fallback when it is absent. */
  public double number(String key, double fallback) {
    return optional(key, ValueKind.NUMBER).orElse(fallback);
  }

  /** Returns a finite number, if it is present. */
  public OptionalDouble optionalNumber(String key) {
    return optional(key, ValueKind.NUMBER).map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }

  /** Returns true or false, or the fallback when it is absent; {@code yes} is a text. */
  public boolean bool(String key, boolean fallback) {
    return optional(key, ValueKind.BOOLEAN).orElse(fallback);
  }

  /** Returns a list of whole numbers, or the fallback when it is absent; one number is an error. */
  public List<Integer> integers(String key, List<Integer> fallback) {
    return list(key, ValueKind.INTEGER, "a list of whole numbers", fallback);
  }

  /**
   * Returns a list of finite numbers, or the fallback when it is absent; one number is an error.
   */
  public List<Double> numbers(String key, List<Double> fallback) {
    return list(key, ValueKind.NUMBER, "a list of numbers", fallback);
  }

  /** Returns a list of texts, or the fallback when it is absent; one text is an error. */
  public List<String> strings(String key, List<String> fallback) {
    return list(key, ValueKind.TEXT, "a list of texts", fallback);
  }

  /** Returns the constant of that name in whatever case, or the fallback when it is absent. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    return optional(key, ValueKind.oneOf(type)).orElse(fallback);
  }

  /**
   * Returns a mapping; an error and an empty reader when it is absent or no mapping. What is
   * missing in that empty reader is not reported on top.
   */
  public ConfigReader section(String key) {
    ConfigNode node = keys.askPresent(key);
    if (node == null) {
      error(key, "missing; expected a mapping");
    }
    return node == null ? empty(key) : section(key, node);
  }

  /** Returns a mapping, if it is present; an error and an empty reader when it is no mapping. */
  public Optional<ConfigReader> optionalSection(String key) {
    ConfigNode node = keys.askPresent(key);
    return node == null ? Optional.empty() : Optional.of(section(key, node));
  }

  /** Returns a list of mappings, empty when it is absent; an error for every other entry. */
  public List<ConfigReader> sections(String key) {
    List<ConfigReader> sections = new ArrayList<>();
    items(key, "a list of mappings")
        .forEach(
            (itemPath, item) ->
                read(item, itemPath, ValueKind.MAPPING)
                    .map(entries -> new ConfigReader(entries, itemPath, errors))
                    .ifPresent(sections::add));
    return sections;
  }

  /**
   * Returns a list of lists of mappings, empty when it is absent; an error for every other entry.
   */
  public List<List<ConfigReader>> sectionLists(String key) {
    List<List<ConfigReader>> lists = new ArrayList<>();
    String expected = "a list of mappings";
    items(key, "a list of lists of mappings")
        .forEach(
            (listPath, list) -> {
              List<ConfigReader> sections = new ArrayList<>();
              for (ConfigNode item :
                  read(list, listPath, ValueKind.list(expected)).orElse(List.of())) {
                String itemPath = ConfigPath.item(listPath, sections.size());
                Mapping entries =
                    read(item, itemPath, ValueKind.MAPPING)
                        .orElseGet(() -> new Mapping(Map.of(), item.location()));
                sections.add(new ConfigReader(entries, itemPath, errors));
              }
              lists.add(sections);
            });
    return lists;
  }

  /**
   * Returns the same mapping with these entries for keys that are absent, of which none is asked
   * for.
   */
  public ConfigReader orElse(Map<String, ConfigNode> defaults) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>(mapping.entries());
    defaults.forEach(entries::putIfAbsent);
    return new ConfigReader(new Mapping(entries, mapping.location()), path, errors);
  }

  /** Returns the node as it is, null values included, for shapes that no other method reads. */
  public Optional<ConfigNode> node(String key) {
    return Optional.ofNullable(keys.ask(key));
  }

  /** Adds an error at the key's place, or at the mapping's when the key is absent or "". */
  public void error(String key, String message) {
    ConfigNode node = keys.ask(key);
    Location at = node == null ? mapping.location() : node.location();
    errors.add(ConfigPath.join(path, key), at, message);
  }

  /**
   * Adds an error unless the condition holds, or the key has one already: what stands in for a
   * value that is wrong may be wrong too, and no user wrote it.
   */
  public void require(boolean condition, String key, String message) {
    if (!condition && !errors.isAbout(ConfigPath.join(path, key))) {
      error(key, message);
    }
  }

  /** Adds an error for every key of this mapping that was never asked for. */
  public void finish() {
    List<String> known = keys.known();
    for (String key : keys.unknown()) {
      error(key, "unknown key '" + key + "'" + NearNames.hint(key, known));
    }
  }

  /**
   * Returns how many problems the whole config has so far, to tell whether a value is one that was
   * written or the neutral one in place of a wrong one.
   */
  public int problems() {
    return errors.count();
  }

  /** Returns what this reader adds its errors to. */
  ConfigErrors errors() {
    return errors;
  }

  private <T> T required(String key, ValueKind<T> kind, T neutral) {
    if (!has(key)) {
      error(key, "missing; expected " + kind.name());
      return neutral;
    }
    return optional(key, kind).orElse(neutral);
  }

  private <T> Optional<T> optional(String key, ValueKind<T> kind) {
    ConfigNode node = keys.askPresent(key);
    return node == null ? Optional.empty() : read(node, ConfigPath.join(path, key), kind);
  }

  private <T> Optional<T> read(ConfigNode node, String nodePath, ValueKind<T> kind) {
    Optional<T> read = kind.match().apply(node);
    if (read.isEmpty()) {
      errors.add(nodePath, node.location(), kind.refusal(node));
    }
    return read;
  }

  private <T> List<T> list(String key, ValueKind<T> kind, String name, List<T> fallback) {
    if (!has(key)) {
      return fallback;
    }
    List<T> values = new ArrayList<>();
    items(key, name).forEach((itemPath, item) -> read(item, itemPath, kind).ifPresent(values::add));
    return values;
  }

  /** Returns a list's entries by their paths; none when it is absent, and after an error. */
  private Map<String, ConfigNode> items(String key, String expected) {
    Map<String, ConfigNode> items = new LinkedHashMap<>();
    for (ConfigNode item : optional(key, ValueKind.list(expected)).orElse(List.of())) {
      items.put(ConfigPath.item(ConfigPath.join(path, key), items.size()), item);
    }
    return items;
  }

  private ConfigReader section(String key, ConfigNode node) {
    String keyPath = ConfigPath.join(path, key);
    return read(node, keyPath, ValueKind.MAPPING)
        .map(entries -> new ConfigReader(entries, keyPath, errors))
        .orElseGet(() -> empty(key));
  }

  private ConfigReader empty(String key) {
    Mapping nothing = new Mapping(Map.of(), mapping.location());
    return new ConfigReader(nothing, ConfigPath.join(path, key), new ConfigErrors());
  }
}
