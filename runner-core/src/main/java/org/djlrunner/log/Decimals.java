package org.djlrunner.log;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Python's formats print them: the exact binary value, rounded half to even. Java's own
 * formats round the shortest decimal half up, which differs in the last digit.
 */
final class Decimals {
  private Decimals() {}

  /** As Python's {@code .4f} for 4 digits. */
  static String fixed(double value, int digits) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    return signed(value, new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN));
  }

  /** As Python's {@code .3e} for 3 digits. */
  static String scientific(double value, int digits) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(value)).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    StringBuilder number = new StringBuilder(rounded.unscaledValue().toString());
    int exponent = rounded.signum() == 0 ? 0 : number.length() - 1 - rounded.scale();
    number.append("0".repeat(Math.max(0, digits + 1 - number.length()))).setLength(digits + 1);
    number.insert(1, ".").append(exponent < 0 ? "e-" : "e+");
    number.append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent));
    return (isNegative(value) ? "-" : "") + number;
  }

  private static String signed(double value, BigDecimal rounded) {
    return (isNegative(value) && rounded.signum() == 0 ? "-" : "") + rounded.toPlainString();
  }

  private static boolean isNegative(double value) {
    return Math.copySign(1, value) < 0;
  }

  private static String notFinite(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
}
