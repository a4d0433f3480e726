package org.djlrunner.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;

/**
 * Reads the value of a command-line override.
 *
 * <p>Text with brackets, quotes or commas of its own is YAML; all other text is taken whole, so
 * that {@code note=see: #5} needs no quotes. From MMCV come {@code 1,2} for a list, {@code None}
 * for null, and round brackets, which mean a list too.
 */
final class OverrideValue {

  private static final Location AT = new Location(Location.OVERRIDES, 0);

  private OverrideValue() {}

  /** Returns the value, located at {@link Location#OVERRIDES}; empty after an error. */
  static Optional<ConfigNode> parse(String text, String path, ConfigErrors errors) {
    String trimmed = text.strip();
    FlowText flow = FlowText.of(trimmed);
    boolean isPlain = trimmed.isEmpty() || "[({'\"".indexOf(trimmed.charAt(0)) < 0;
    if (isPlain && !flow.hasComma()) {
      return Optional.of(overridden(new Value(PlainScalar.resolve(trimmed), false, AT)));
    }
    String yaml = flow.hasComma() ? "[" + flow.yaml() + "]" : flow.yaml();
    ConfigErrors ofYaml = new ConfigErrors();
    Optional<ConfigNode> node = NodeParser.parse(yaml, Location.OVERRIDES, Syntax.YAML, ofYaml);
    if (!ofYaml.isEmpty()) {
      String reason = ofYaml.messages().get(0).replaceFirst("^--cfg-options[:0-9]*: ", "");
      errors.add(path, AT, "the value " + trimmed + " cannot be read: " + reason);
      return Optional.empty();
    }
    return node.map(OverrideValue::overridden);
  }

  /** Reads {@code None} as null, and forgets the lines, which an override does not have. */
  private static ConfigNode overridden(ConfigNode node) {
    if (node instanceof Mapping mapping) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      mapping.entries().forEach((key, entry) -> entries.put(key, overridden(entry)));
      return new Mapping(entries, AT);
    }
    if (node instanceof Sequence sequence) {
      List<ConfigNode> items = sequence.items().stream().map(OverrideValue::overridden).toList();
      return new Sequence(items, AT);
    }
    boolean isNone = node instanceof Value value && !value.quoted() && "None".equals(value.value());
    return isNone ? new Value(null, false, AT) : node.at(AT);
  }
}
