package org.djlrunner.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted scalar means, by the core schema of YAML 1.2.
 *
 * <p>We read the text ourselves because the parser below Jackson follows YAML 1.1, where {@code no}
 * is false, {@code 010} is eight and {@code 1_000} a number.
 */
final class PlainScalar {

  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INFINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)");
  private static final Pattern NOT_A_NUMBER = Pattern.compile("\\.(nan|NaN|NAN)");

  private PlainScalar() {}

  /** Returns null, a Boolean, a Long, a Double (also for integers beyond a long), or the text. */
  static @Nullable Object resolve(String text) {
    if (is(NULL, text)) {
      return null;
    }
    if (is(BOOLEAN, text)) {
      return Boolean.valueOf(text.toLowerCase(Locale.ROOT));
    }
    if (is(DECIMAL, text)) {
      return integer(text, text, 10);
    }
    if (is(OCTAL, text)) {
      return integer(text, text.substring(2), 8);
    }
    if (is(HEXADECIMAL, text)) {
      return integer(text, text.substring(2), 16);
    }
    if (is(REAL, text)) {
      return Double.valueOf(text);
    }
    if (is(INFINITE, text)) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return is(NOT_A_NUMBER, text) ? (Object) Double.NaN : text;
  }

  private static Object integer(String text, String digits, int radix) {
    try {
      return Long.valueOf(digits, radix);
    } catch (NumberFormatException beyondLong) {
      // Only decimals are rounded: a long hexadecimal is an identifier rather than a quantity.
      return radix == 10 ? (Object) Double.valueOf(text) : text;
    }
  }

  private static boolean is(Pattern pattern, String text) {
    return pattern.matcher(text).matches();
  }
}
