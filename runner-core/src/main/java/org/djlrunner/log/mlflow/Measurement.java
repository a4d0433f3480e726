package org.djlrunner.log.mlflow;

/**
 * One value of a metric.
 *
 * @param key the metric's name, of characters that MLflow takes
 * @param value the value; may be NaN or infinite
 * @param millis when it was taken, since 1970
 * @param step training iterations behind it
 */
record Measurement(String key, double value, long millis, long step) {
  /** A measurement whose name may have other characters, which become underscores. */
  static Measurement of(String name, double value, long millis, long step) {
    return new Measurement(name.replaceAll("[^\\w./ -]", "_"), value, millis, step);
  }
}
