package org.djlrunner.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.djlrunner.config.ConfigNode.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * Builds objects of one kind from mappings whose {@code type} names a factory.
 *
 * <p>Types are exactly those registered; nothing is found by class name. A registry may have
 * children with scopes of their own, so that a library's types don't meet an application's: {@code
 * type: lib.Name} is the type of that scope and no other, a plain name is looked for in the
 * registry itself and then outward in its parents.
 *
 * @param <T> what the factories make
 */
public final class Registry<T> {

  private static final String TYPE = "type";

  private record Entry<T>(Function<ConfigReader, T> factory, Provider provider) {}

  private final String kind;
  private final String scope;
  private final @Nullable Registry<T> parent;
  private final Map<String, Registry<T>> children = new LinkedHashMap<>();
  private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

  /**
   * Creates an empty registry without a scope.
   *
   * @param kind what errors call the things built, such as {@code hook}
   */
  public Registry(String kind) {
    this(kind, "");
  }

  /**
   * Creates an empty registry.
   *
   * @param kind what errors call the things built, such as {@code hook}
   * @param scope what stands before the dot in {@code type: scope.Name}
   */
  public Registry(String kind, String scope) {
    this(kind, scope, null);
  }

  private Registry(String kind, String scope, @Nullable Registry<T> parent) {
    this.kind = kind;
    this.scope = scope;
    this.parent = parent;
  }

  /**
   * Creates an empty registry below this one.
   *
   * @throws IllegalArgumentException if the scope is blank, has a dot, or is taken here
   */
  public Registry<T> child(String scope) {
    requireName("scope", scope);
    if (children.containsKey(scope)) {
      throw new IllegalArgumentException(
          "the registry of " + kind + "s has a child '" + scope + "' already");
    }
    Registry<T> child = new Registry<>(kind, scope, this);
    children.put(scope, child);
    return child;
  }

  /**
   * Adds a factory and returns this registry.
   *
   * @throws IllegalArgumentException if the type is blank, has a dot, or is registered already
   */
  public Registry<T> register(String type, Function<ConfigReader, T> factory) {
    requireName("type", type);
    Entry<T> present = entries.get(type);
    if (present != null) {
      throw new IllegalArgumentException(
          kind + " '" + type + "' is registered already, by " + present.provider());
    }
    return replace(type, factory);
  }

  /** Adds a factory under several types; none is added if one of them is refused. */
  public Registry<T> register(List<String> types, Function<ConfigReader, T> factory) {
    Registry<T> trial = new Registry<>(kind);
    trial.entries.putAll(entries);
    types.forEach(type -> trial.register(type, factory));
    types.forEach(type -> register(type, factory));
    return this;
  }

  /** Adds a factory, in place of what the type named before, and returns this registry. */
  public Registry<T> replace(String type, Function<ConfigReader, T> factory) {
    requireName("type", type);
    entries.put(type, new Entry<>(factory, Provider.of(factory)));
    return this;
  }

  /** Returns the types registered here, in the order of their registration. */
  public Set<String> types() {
    return new LinkedHashSet<>(entries.keySet());
  }

  /**
   * Returns the factory of a type, plain or with its scope.
   *
   * @throws IllegalArgumentException if the type names a scope that there is not
   */
  public Optional<Function<ConfigReader, T>> find(String type) {
    return entry(type).map(Entry::factory);
  }

  /** Returns which class, in which jar, added a type; empty if nobody did. */
  public Optional<String> providerOf(String type) {
    return entry(type).map(entry -> entry.provider().toString());
  }

  /**
   * Builds from plain maps, as MMCV's {@code build_from_cfg} does.
   *
   * @param config Strings, numbers, Booleans, nulls, lists and maps; stays as it is
   * @param defaults what counts for keys that {@code config} leaves out, {@code type} too
   * @throws ConfigException with all that is wrong
   */
  public T build(Map<String, ?> config, Map<String, ?> defaults) {
    Map<String, @Nullable Object> filled = new LinkedHashMap<>(config);
    defaults.forEach(filled::putIfAbsent);
    ConfigErrors errors = new ConfigErrors();
    Location at = new Location(kind, 0);
    ConfigNode node = PlainData.node(filled, at);
    if (!(node instanceof Mapping mapping)) {
      throw new IllegalStateException("a map is a mapping");
    }
    Optional<T> built = build(new ConfigReader(mapping, "", errors));
    errors.throwIfAny();
    return built.orElseThrow();
  }

  /** Builds as {@link #build(ConfigReader, String)} does; an absent {@code type} is an error. */
  public Optional<T> build(ConfigReader reader) {
    if (!reader.has(TYPE)) {
      reader.error(
          TYPE, "missing; expected the type of " + kind + ": " + String.join(", ", known()));
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
    try {
      Optional<Entry<T>> entry = entry(type);
      if (entry.isEmpty()) {
        reader.error(
            TYPE,
            "unknown " + kind + " '" + type + "'" + NearNames.hint(type, known()) + where(type));
        return Optional.empty();
      }
      T built = entry.get().factory().apply(reader);
      reader.finish();
      return Optional.of(built);
    } catch (UnknownScope e) {
      reader.error(TYPE, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      if (reader.errors().count() == before) {
        reader.error("", String.valueOf(e.getMessage()));
      }
      return Optional.empty();
    }
  }

  private Optional<Entry<T>> entry(String type) {
    int dot = type.indexOf('.');
    if (dot < 0) {
      Entry<T> own = entries.get(type);
      return own == null && parent != null ? parent.entry(type) : Optional.ofNullable(own);
    }
    String first = type.substring(0, dot);
    String rest = type.substring(dot + 1);
    if (first.equals(scope)) {
      return Optional.ofNullable(entries.get(rest));
    }
    Registry<T> child = children.get(first);
    if (child != null) {
      return rest.indexOf('.') < 0
          ? Optional.ofNullable(child.entries.get(rest))
          : child.entry(rest);
    }
    if (parent != null) {
      return root().entry(type);
    }
    throw new UnknownScope(
        "unknown scope '"
            + first
            + "' in "
            + kind
            + " '"
            + type
            + "'"
            + NearNames.hint(first, scopes()));
  }

  private Registry<T> root() {
    return parent == null ? this : parent.root();
  }

  private List<String> scopes() {
    List<String> scopes = new ArrayList<>();
    if (!scope.isEmpty()) {
      scopes.add(scope);
    }
    scopes.addAll(children.keySet());
    return scopes;
  }

  /** All that a plain name can reach from here. */
  private Set<String> known() {
    Set<String> known = types();
    if (parent != null) {
      known.addAll(parent.known());
    }
    return known;
  }

  /** Says which child has a type of this very name. */
  private String where(String type) {
    for (Registry<T> child : children.values()) {
      Entry<T> entry = child.entries.get(type);
      if (entry != null) {
        return "; there is " + child.scope + "." + type + ", by " + entry.provider();
      }
    }
    return "";
  }

  private void requireName(String what, String name) {
    if (name.isBlank() || name.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          "a " + what + " of " + kind + " has a name without dots, got '" + name + "'");
    }
  }

  private static final class UnknownScope extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownScope(String message) {
      super(message);
    }
  }
}
