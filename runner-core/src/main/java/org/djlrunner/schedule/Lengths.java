package org.djlrunner.schedule;

/** Lengths of runs in messages. */
final class Lengths {
  private Lengths() {}

  /** A whole number without a fraction. */
  static String text(double length) {
    return length == Math.rint(length) ? String.valueOf((long) length) : String.valueOf(length);
  }
}
