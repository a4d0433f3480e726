package org.djlrunner.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Builds objects of one kind from mappings whose {@code type} names a factory.
 *
 * <p>Types are exactly those registered; nothing is found by class name.
 *
 * @param <T> what the factories make
 */
public final class Registry<T> {

  private static final String TYPE = "type";

  private final String kind;
  private final Map<String, Function<ConfigReader, T>> factories = new LinkedHashMap<>();

  /**
   * Creates an empty registry.
   *
   * @param kind what errors call the things built, such as {@code hook}
   */
  public Registry(String kind) {
    this.kind = kind;
  }

  /**
   * Adds a factory and returns this registry.
   *
   * @throws IllegalArgumentException if the type is registered already
   */
  public Registry<T> register(String type, Function<ConfigReader, T> factory) {
    if (factories.putIfAbsent(type, factory) != null) {
      throw new IllegalArgumentException(kind + " '" + type + "' is registered already");
    }
    return this;
  }

  /** Returns the registered types, in the order of their registration. */
  public Set<String> types() {
    return Collections.unmodifiableSet(factories.keySet());
  }

  /** Builds as {@link #build(ConfigReader, String)} does; an absent {@code type} is an error. */
  public Optional<T> build(ConfigReader reader) {
    if (!reader.has(TYPE)) {
      reader.error(
          TYPE, "missing; expected the type of " + kind + ": " + String.join(", ", types()));
      return Optional.empty();
    }
    return build(reader, "");
  }

  /**
   * Builds what {@code type} names from the mapping's other keys.
   *
   * <p>Empty, with an error, when the type is unknown or the factory throws an {@link
   * IllegalArgumentException}. The latter is left out when the factory reported an error of its own
   * before: then it threw over the neutral value it got instead. Keys that the factory did not ask
   * for are errors, too.
   */
  public Optional<T> build(ConfigReader reader, String defaultType) {
    int before = reader.errors().count();
    String type = reader.string(TYPE, defaultType);
    if (reader.errors().count() > before) {
      return Optional.empty();
    }
    Function<ConfigReader, T> factory = factories.get(type);
    if (factory == null) {
      reader.error(TYPE, "unknown " + kind + " '" + type + "'" + NearNames.hint(type, types()));
      return Optional.empty();
    }
    try {
      T built = factory.apply(reader);
      reader.finish();
      return Optional.of(built);
    } catch (IllegalArgumentException e) {
      if (reader.errors().count() == before) {
        reader.error("", String.valueOf(e.getMessage()));
      }
      return Optional.empty();
    }
  }
}
