package org.djlrunner.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.Locale;

/** The two notations of a config file. */
enum Syntax {
  YAML,
  /**
   * Not read as YAML, although almost a part of it: YAML forbids the tabs that JSON may indent
   * with.
   */
  JSON;

  private static final JsonFactory YAML_FACTORY = new YAMLFactory();
  private static final JsonFactory JSON_FACTORY = new JsonFactory();

  /** Returns the notation that a file's name announces; YAML unless it ends in {@code .json}. */
  static Syntax ofFile(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".json") ? JSON : YAML;
  }

  JsonParser parser(String text) throws IOException {
    return (this == JSON ? JSON_FACTORY : YAML_FACTORY).createParser(text);
  }
}
