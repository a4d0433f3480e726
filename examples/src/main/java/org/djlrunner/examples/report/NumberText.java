package org.djlrunner.examples.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: five digits, without zeros that say nothing. */
final class NumberText {
  private static final MathContext FIVE_DIGITS = new MathContext(5);

  private NumberText() {}

  /** A number, such as 0.0167, 12000, 1e-5, NaN. */
  static String of(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(FIVE_DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e7) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros();
    return mantissa.toPlainString() + "e" + exponent;
  }

  /** A whole number with its thousands set apart. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
