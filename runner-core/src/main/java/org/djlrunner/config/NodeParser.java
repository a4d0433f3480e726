package org.djlrunner.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;
import org.jspecify.annotations.Nullable;

/**
 * Reads one YAML or JSON text into nodes.
 *
 * <p>Aliases ({@code *name}) stand for what their anchor names. Merge keys ({@code <<}), tags other
 * than {@code !!str} and several documents in one text are errors; so is a key given twice.
 */
final class NodeParser {

  private static final String TEXT_TAG = "tag:yaml.org,2002:str";

  private final String text;
  private final String source;
  private final Syntax syntax;
  private final ConfigErrors errors;
  private final Map<String, ConfigNode> anchors = new HashMap<>();

  private NodeParser(String text, String source, Syntax syntax, ConfigErrors errors) {
    this.text = text;
    this.source = source;
    this.syntax = syntax;
    this.errors = errors;
  }

  /**
   * Returns the text's one document; empty for a text of only spaces and comments, and after an
   * error that leaves nothing to go on with.
   */
  static Optional<ConfigNode> parse(
      String text, String source, Syntax syntax, ConfigErrors errors) {
    String content = text.startsWith("\ufeff") ? text.substring(1) : text;
    return new NodeParser(content, source, syntax, errors).document();
  }

  private Optional<ConfigNode> document() {
    try (JsonParser parser = syntax.parser(text)) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      ConfigNode node = node(parser, "", line(parser));
      if (parser.nextToken() != null) {
        errors.add("", line(parser), "a second document starts here; a config is one document");
      }
      return Optional.of(node);
    } catch (JsonProcessingException e) {
      SyntaxError.add(e, source, errors);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private ConfigNode node(JsonParser parser, String path, Location at) throws IOException {
    Object tag = parser.getTypeId();
    if (tag != null && !tag.equals(TEXT_TAG)) {
      errors.add(path, line(parser), "tag '" + tag + "' is not supported; write plain values");
    }
    String anchor = (String) parser.getObjectId();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return anchored(anchor, mapping(parser, path, at));
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      return anchored(anchor, sequence(parser, path, at));
    }
    return parser instanceof YAMLParser yaml ? yamlScalar(yaml, path, at) : jsonScalar(parser, at);
  }

  private Mapping mapping(JsonParser parser, String path, Location at) throws IOException {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyPath = ConfigPath.join(path, key);
      Location keyAt = line(parser);
      boolean isMerge = key.equals("<<") && isUnquotedYaml(parser);
      parser.nextToken();
      ConfigNode node = node(parser, keyPath, keyAt);
      if (isMerge) {
        errors.add(keyPath, keyAt, "merge keys are not supported; use '_base_' or repeat the keys");
        continue;
      }
      ConfigNode first = entries.putIfAbsent(key, node);
      if (first != null) {
        int line = first.location().line();
        errors.add(keyPath, keyAt, "key '" + key + "' is given twice, first in line " + line);
      }
    }
    return new Mapping(entries, at);
  }

  private Sequence sequence(JsonParser parser, String path, Location at) throws IOException {
    List<ConfigNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(parser, ConfigPath.item(path, items.size()), line(parser)));
    }
    return new Sequence(items, at);
  }

  private static Value jsonScalar(JsonParser parser, Location at) throws IOException {
    boolean quoted = parser.currentToken() == JsonToken.VALUE_STRING;
    String content = parser.getText();
    return new Value(quoted ? content : PlainScalar.resolve(content), quoted, at);
  }

  private ConfigNode yamlScalar(YAMLParser parser, String path, Location at) throws IOException {
    String content = parser.getText();
    if (parser.isCurrentAlias()) {
      return alias(content, path, at);
    }
    NodeProperties properties = properties(parser);
    // Jackson takes only unquoted scalars for anything but text, so the rest needs no look.
    boolean quoted =
        parser.currentToken() == JsonToken.VALUE_STRING
            && (properties.quoted() || TEXT_TAG.equals(parser.getTypeId()));
    Value value = new Value(quoted ? content : PlainScalar.resolve(content), quoted, at);
    return anchored(properties.anchor(), value);
  }

  private boolean isUnquotedYaml(JsonParser parser) {
    return parser instanceof YAMLParser && !properties(parser).quoted();
  }

  private NodeProperties properties(JsonParser parser) {
    return NodeProperties.at(text, parser.currentTokenLocation().getCharOffset());
  }

  private ConfigNode alias(String anchor, String path, Location at) {
    ConfigNode target = anchors.get(anchor);
    if (target == null) {
      errors.add(
          path,
          at,
          "no '&"
              + anchor
              + "' is defined before '*"
              + anchor
              + "'"
              + NearNames.suggestion(anchor, anchors.keySet()));
      return new Value(null, false, at);
    }
    return target.at(at);
  }

  private ConfigNode anchored(@Nullable String anchor, ConfigNode node) {
    if (anchor != null) {
      anchors.put(anchor, node);
    }
    return node;
  }

  private Location line(JsonParser parser) {
    return new Location(source, parser.currentTokenLocation().getLineNr());
  }
}
