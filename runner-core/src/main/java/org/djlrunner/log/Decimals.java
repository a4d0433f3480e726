package org.djlrunner.log;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Python's formats print them: the exact binary value, rounded half to even. Java's own
 * formats round the shortest decimal half up, which differs in the last digit.
 *
 * <p>Most numbers are far enough from the middle of two candidates that plain arithmetic tells the
 * nearer one; only the others are worked out exactly, which takes ten times as long.
 */
final class Decimals {
  private static final double[] POWERS_OF_TEN = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  /** Up to here a product of a double and a power of ten is off by much less than the margin. */
  private static final double LARGEST = 1e9;

  /** More behind the point and the number passes {@link #LARGEST}. */
  private static final int MOST_DIGITS = 8;

  private static final double MARGIN = 1e-6;

  private Decimals() {}

  /** As Python's {@code .4f} for 4 digits. */
  static String fixed(double value, int digits) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    String sign = isNegative(value) ? "-" : "";
    double magnitude = Math.abs(value);
    long rounded = clearlyRounded(magnitude, digits);
    return sign + (rounded < 0 ? exactly(magnitude, digits) : withPoint(rounded, digits));
  }

  private static String exactly(double magnitude, int digits) {
    return new BigDecimal(magnitude).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** As Python's {@code .3e} for 3 digits. */
  static String scientific(double value, int digits) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    double magnitude = Math.abs(value);
    String sign = isNegative(value) ? "-" : "";
    int exponent = magnitude == 0 ? 0 : (int) Math.floor(Math.log10(magnitude));
    long rounded = digits > MOST_DIGITS ? -1 : clearlyRounded(magnitude, digits - exponent);
    if (rounded >= 0 && rounded >= tenTo(digits) && rounded < tenTo(digits + 1)) {
      return sign + withExponent(Long.toString(rounded), exponent);
    }
    return sign + scientificExactly(magnitude, digits);
  }

  private static String scientificExactly(double magnitude, int digits) {
    BigDecimal rounded =
        new BigDecimal(magnitude).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    StringBuilder number = new StringBuilder(rounded.unscaledValue().toString());
    int exponent = rounded.signum() == 0 ? 0 : number.length() - 1 - rounded.scale();
    number.append("0".repeat(Math.max(0, digits + 1 - number.length()))).setLength(digits + 1);
    return withExponent(number.toString(), exponent);
  }

  /**
   * A magnitude times a power of ten, rounded to a whole number; -1 if it is too large, too small
   * or too near the middle of two for plain arithmetic.
   */
  private static long clearlyRounded(double magnitude, int power) {
    if (Math.abs(power) >= POWERS_OF_TEN.length) {
      return -1;
    }
    double scaled = power < 0 ? magnitude / tenTo(-power) : magnitude * tenTo(power);
    double rounded = Math.rint(scaled);
    boolean clear = scaled < LARGEST && Math.abs(scaled - rounded) < 0.5 - MARGIN;
    return clear ? (long) rounded : -1;
  }

  private static double tenTo(int power) {
    return POWERS_OF_TEN[power];
  }

  private static String withPoint(long digits, int behind) {
    String all = Long.toString(digits);
    if (behind == 0) {
      return all;
    }
    String padded = "0".repeat(Math.max(0, behind + 1 - all.length())) + all;
    int point = padded.length() - behind;
    return padded.substring(0, point) + "." + padded.substring(point);
  }

  private static String withExponent(String digits, int exponent) {
    String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    String point = digits.length() == 1 ? "" : ".";
    return digits.charAt(0) + point + digits.substring(1) + (exponent < 0 ? "e-" : "e+") + size;
  }

  private static boolean isNegative(double value) {
    return Math.copySign(1, value) < 0;
  }

  private static String notFinite(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
}
