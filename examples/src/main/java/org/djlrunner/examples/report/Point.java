package org.djlrunner.examples.report;

/**
 * A point of a curve.
 *
 * @param step training iterations
 * @param value may be NaN or infinite, where a curve is interrupted
 */
record Point(int step, double value) {
  boolean isFinite() {
    return Double.isFinite(value);
  }
}
