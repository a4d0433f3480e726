package org.djlrunner.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.config.ConfigNode.Mapping;
import org.jspecify.annotations.Nullable;

/** One config file as it is written, before its bases are merged in. */
final class ConfigFile {

  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  private ConfigFile() {}

  /**
   * Returns the file's top-level mapping; empty after an error.
   *
   * @param path as a user wrote it: errors show it so
   * @param askedFrom where the file is named, for errors about the file itself; null if nowhere
   */
  static Optional<Mapping> read(Path path, @Nullable Location askedFrom, ConfigErrors errors) {
    String name = path.toString();
    Optional<String> problem = problemWith(path);
    if (problem.isPresent()) {
      errors.add("", askedFrom, problem.get());
      return Optional.empty();
    }
    try {
      return parse(Files.readString(path), name, Syntax.ofFile(name), errors);
    } catch (CharacterCodingException e) {
      errors.add("", askedFrom, "config file '" + path + "' is not UTF-8 text");
    } catch (IOException e) {
      errors.add("", askedFrom, "config file '" + path + "' cannot be read: " + e);
    }
    return Optional.empty();
  }

  /** Returns the text's top-level mapping, which is empty for an empty text. */
  static Optional<Mapping> parse(String text, String source, Syntax syntax, ConfigErrors errors) {
    int before = errors.count();
    Optional<ConfigNode> top = NodeParser.parse(text, source, syntax, errors);
    if (top.isEmpty()) {
      Mapping empty = new Mapping(Map.of(), new Location(source, 1));
      return errors.count() == before ? Optional.of(empty) : Optional.empty();
    }
    if (top.get() instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    errors.add(
        "",
        top.get().location(),
        "expected a mapping (key: value) at the top level, got " + top.get().describe());
    return Optional.empty();
  }

  private static Optional<String> problemWith(Path path) {
    if (Files.isDirectory(path)) {
      return Optional.of("config file '" + path + "' is a folder");
    }
    if (!Files.exists(path)) {
      return Optional.of("config file '" + path + "' does not exist" + nearFile(path));
    }
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (ENDINGS.stream().noneMatch(name::endsWith)) {
      return Optional.of("config file '" + path + "' should end in .yaml, .yml or .json");
    }
    return Optional.empty();
  }

  private static String nearFile(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    Path name = path.getFileName();
    if (folder == null || name == null || !Files.isDirectory(folder)) {
      return "; nor does its folder";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
      return NearNames.suggestion(name.toString(), names);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
