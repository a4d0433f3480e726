package org.djlrunner.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.config.ConfigNode.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a run, as data, each value with the place it was written at. Immutable.
 *
 * <p>Unquoted values follow YAML 1.2: {@code 1e-3} is a number, {@code yes} and {@code off} are
 * texts. A file may inherit: {@code _base_} names one file or several, relative to the file's
 * folder, that it is laid over. Mappings merge, lists and values replace, and {@code _delete_:
 * true} in a mapping drops what a base had under that key. Two bases must not share a top-level
 * key.
 */
public final class Config {

  private final Mapping root;

  private Config(Mapping root) {
    this.root = root;
  }

  /**
   * Loads a {@code .yaml}, {@code .yml} or {@code .json} file together with its bases.
   *
   * @throws ConfigException if a file is missing, a folder, unreadable, not valid YAML or JSON, not
   *     a mapping, has a key twice, inherits from itself, or cannot be merged with its bases
   */
  public static Config load(Path file) {
    ConfigErrors errors = new ConfigErrors();
    return created(new ConfigLoader(errors).load(file, null).orElse(null), errors);
  }

  /**
   * Reads a YAML (or JSON) text. It has no folder, so it cannot have a {@code _base_}.
   *
   * @param sourceName what errors call the text
   * @throws ConfigException if the text is not valid YAML, not a mapping, has a key twice or a
   *     {@code _base_}
   */
  public static Config parse(String text, String sourceName) {
    ConfigErrors errors = new ConfigErrors();
    Mapping root =
        ConfigFile.parse(text, sourceName, Syntax.ofFile(sourceName), errors).orElse(null);
    if (root != null) {
      ConfigNode base = root.entries().get(ConfigLoader.BASE);
      if (base != null) {
        errors.add(
            ConfigLoader.BASE, base.location(), "needs a file to be relative to; use Config.load");
      }
      root = new ConfigMerge(errors).merge(new Mapping(Map.of(), root.location()), root, "");
    }
    return created(root, errors);
  }

  private static Config created(@Nullable Mapping root, ConfigErrors errors) {
    errors.throwIfAny();
    if (root == null) {
      throw new IllegalStateException("nothing was read, and nothing was said to be wrong");
    }
    return new Config(root);
  }

  /**
   * Returns this config changed from the command line, in the order given.
   *
   * <p>{@code optimizer.lr=1e-3} sets a value, digits in a path count list entries from 0 ({@code
   * log_config.hooks.0.interval=10}), and missing mappings on the way are created. The value is a
   * number, {@code true}, {@code false}, {@code null}, {@code None} or a text; {@code [1, 2]} or
   * {@code 1,2} is a list, {@code {a: 1}} a mapping, which merges as a file does over its base.
   * What is in quotes is text, kept to the letter.
   *
   * @param overrides {@code key.path=value} each
   * @throws ConfigException if an override has no {@code =} or no key, its value is not valid, its
   *     index is out of range, or its path leads through a plain value; names every such override
   */
  public Config with(List<String> overrides) {
    ConfigErrors errors = new ConfigErrors();
    Mapping changed = root;
    for (String text : overrides) {
      PathOverride override = PathOverride.parse(text, errors).orElse(null);
      if (override != null) {
        changed = override.applyTo(changed, errors);
      }
    }
    errors.throwIfAny();
    return new Config(changed);
  }

  /**
   * Returns this config with one value changed by the program.
   *
   * @param path as in {@link #with(List)}
   * @param value a String, Number, Boolean, null, List or Map; a map merges as a file does over its
   *     base
   * @throws ConfigException if the path is empty, out of a list's range, or leads through a plain
   *     value
   * @throws IllegalArgumentException if the value is anything else
   */
  public Config with(String path, @Nullable Object value) {
    ConfigErrors errors = new ConfigErrors();
    Location at = new Location(Location.COMMAND_LINE, 0);
    Mapping changed = new PathOverride(path, PlainData.node(value, at)).applyTo(root, errors);
    errors.throwIfAny();
    return new Config(changed);
  }

  /** Returns a typed view of the whole config that puts what is wrong into {@code errors}. */
  public ConfigReader reader(ConfigErrors errors) {
    return new ConfigReader(root, "", errors);
  }

  /** Returns YAML that {@link #parse} reads back as the same values in the same order. */
  public String toYaml() {
    return YamlWriter.write(root);
  }

  /**
   * Returns the config as maps, lists, Strings, Longs, Doubles, Booleans and nulls, in the order of
   * the file. A copy: changing it leaves this config as it is.
   */
  public Map<String, Object> toMap() {
    return PlainData.of(root);
  }
}
