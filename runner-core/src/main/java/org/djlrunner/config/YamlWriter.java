package org.djlrunner.config;

import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;

/**
 * Writes nodes as YAML that reads back as the same values in the same order.
 *
 * <p>Jackson's own generator writes every text in quotes, or risks 1.1 rules about which may do
 * without; here a text goes without only where nobody could read it as something else.
 */
final class YamlWriter {

  private static final Pattern SAFE_UNQUOTED =
      Pattern.compile("[A-Za-z_/][A-Za-z0-9_/.+-]*([ ][A-Za-z0-9_/.+-]+)*");
  private static final Pattern OTHERWISE_READ_ELSEWHERE =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|none");

  /** YAML looks no further than 1024 characters for the colon behind a key. */
  private static final int LONGEST_SIMPLE_KEY = 1000;

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  static String write(Mapping mapping) {
    if (mapping.entries().isEmpty()) {
      return "{}\n";
    }
    YamlWriter writer = new YamlWriter();
    writer.entries(mapping, "");
    return writer.out.toString();
  }

  private void entries(Mapping mapping, String indent) {
    Iterator<Map.Entry<String, ConfigNode>> entries = mapping.entries().entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, ConfigNode> entry = entries.next();
      key(text(entry.getKey()), indent);
      ConfigNode node = entry.getValue();
      if (isInline(node)) {
        out.append(' ').append(inline(node)).append('\n');
      } else {
        out.append('\n').append(indent).append("  ");
        block(node, indent + "  ");
      }
      if (entries.hasNext()) {
        out.append(indent);
      }
    }
  }

  private void key(String key, String indent) {
    if (key.length() > LONGEST_SIMPLE_KEY) {
      out.append("? ").append(key).append('\n').append(indent).append(':');
    } else {
      out.append(key).append(':');
    }
  }

  private void items(Sequence sequence, String indent) {
    Iterator<ConfigNode> items = sequence.items().iterator();
    while (items.hasNext()) {
      ConfigNode node = items.next();
      out.append("- ");
      if (isInline(node)) {
        out.append(inline(node)).append('\n');
      } else {
        block(node, indent + "  ");
      }
      if (items.hasNext()) {
        out.append(indent);
      }
    }
  }

  /** Writes a block whose first line's indent is written already. */
  private void block(ConfigNode node, String indent) {
    if (node instanceof Mapping mapping) {
      entries(mapping, indent);
    } else {
      items((Sequence) node, indent);
    }
  }

  private static boolean isInline(ConfigNode node) {
    if (node instanceof Mapping mapping) {
      return mapping.entries().isEmpty();
    }
    return node instanceof Value
        || ((Sequence) node)
            .items().stream().allMatch(item -> !(item instanceof Mapping) && isInline(item));
  }

  private static String inline(ConfigNode node) {
    if (node instanceof Mapping) {
      return "{}";
    }
    if (node instanceof Sequence sequence) {
      return sequence.items().stream()
          .map(YamlWriter::inline)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    Object value = ((Value) node).value();
    if (value instanceof Double number) {
      return number(number);
    }
    return value instanceof String text ? text(text) : String.valueOf(value);
  }

  private static String number(Double number) {
    if (number.isNaN()) {
      return ".nan";
    }
    if (number.isInfinite()) {
      return number > 0 ? ".inf" : "-.inf";
    }
    return number.toString();
  }

  private static String text(String text) {
    boolean plain =
        SAFE_UNQUOTED.matcher(text).matches()
            && !OTHERWISE_READ_ELSEWHERE.matcher(text).matches()
            && PlainScalar.resolve(text) instanceof String;
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().mapToObj(YamlWriter::escaped).forEach(quoted::append);
    return quoted.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default -> isPrintable(c) ? Character.toString(c) : String.format("\\u%04x", c);
    };
  }

  /**
   * Leaves out what YAML forbids, what it takes for a line break, and halves of surrogate pairs.
   */
  private static boolean isPrintable(int c) {
    return (c >= ' ' && c < 0x7f)
        || (c >= 0xa0 && c < 0xd800 && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c < 0xfffe && c != 0xfeff)
        || c > 0xffff;
  }
}
