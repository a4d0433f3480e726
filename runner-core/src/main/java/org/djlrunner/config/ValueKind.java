package org.djlrunner.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.djlrunner.config.ConfigNode.Mapping;
import org.djlrunner.config.ConfigNode.Sequence;
import org.djlrunner.config.ConfigNode.Value;

/**
 * What a reader can ask of a value.
 *
 * @param name as errors call it, such as {@code a number}
 * @param match returns a node as this kind; empty when it is of another
 * @param hint what an error adds for a plain value, not null, that does not match; may be empty
 */
record ValueKind<T>(
    String name, Function<ConfigNode, Optional<T>> match, Function<Object, String> hint) {

  static final ValueKind<Mapping> MAPPING =
      new ValueKind<>(
          "a mapping",
          node -> node instanceof Mapping mapping ? Optional.of(mapping) : Optional.empty(),
          value -> "");
  static final ValueKind<String> TEXT =
      plain("a text", cast(String.class), value -> "; put it in quotes");
  static final ValueKind<Boolean> BOOLEAN =
      plain("true or false", cast(Boolean.class), value -> "");
  static final ValueKind<Double> NUMBER =
      plain("a number", ValueKind::number, value -> value instanceof Double ? "; not finite" : "");
  static final ValueKind<Long> LONG = whole(Long.MIN_VALUE, Long.MAX_VALUE, Function.identity());
  static final ValueKind<Integer> INTEGER =
      whole(Integer.MIN_VALUE, Integer.MAX_VALUE, Long::intValue);

  /** Returns the kind that is one of an enum's names, whatever the case; {@code -} is {@code _}. */
  static <E extends Enum<E>> ValueKind<E> oneOf(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    List<String> names = Arrays.stream(type.getEnumConstants()).map(ValueKind::lowerCase).toList();
    return plain(
        "one of " + String.join(", ", names),
        value -> {
          int index = names.indexOf(value.toString().toLowerCase(Locale.ROOT).replace('-', '_'));
          return index < 0 ? Optional.empty() : Optional.of(constants.get(index));
        },
        value -> NearNames.suggestion(value.toString(), names));
  }

  /** Returns the kind that is a list of whatever. */
  static ValueKind<List<ConfigNode>> list(String name) {
    return new ValueKind<>(
        name,
        node -> node instanceof Sequence list ? Optional.of(list.items()) : Optional.empty(),
        value -> "");
  }

  /** Returns what is wrong with a node that {@link #match} refuses. */
  String refusal(ConfigNode node) {
    Object value = node instanceof Value plain ? plain.value() : null;
    String seen = "expected " + name + ", got " + node.describe();
    return value == null ? seen : seen + hint.apply(value);
  }

  private static <V> ValueKind<V> plain(
      String name, Function<Object, Optional<V>> match, Function<Object, String> hint) {
    return new ValueKind<>(
        name,
        node -> {
          Object value = node instanceof Value plain ? plain.value() : null;
          return value == null ? Optional.empty() : match.apply(value);
        },
        hint);
  }

  private static <V> Function<Object, Optional<V>> cast(Class<V> type) {
    return value -> type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
  }

  private static Optional<Double> number(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  private static <V> ValueKind<V> whole(long least, long most, Function<Long, V> narrow) {
    return plain(
        "a whole number",
        value ->
            value instanceof Long number && number >= least && number <= most
                ? Optional.of(narrow.apply(number))
                : Optional.empty(),
        value -> wholeHint(value, least, most));
  }

  private static String wholeHint(Object value, long least, long most) {
    if (!(value instanceof Number number)) {
      return "";
    }
    double real = number.doubleValue();
    if (value instanceof Long || real < least || real > most) {
      return "; it must lie between " + least + " and " + most;
    }
    return real == Math.rint(real) ? "; write " + (long) real + " without a fraction" : "";
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
