package org.djlrunner.djl.data.transform;

/** Checks of probabilities. */
final class Probability {
  private Probability() {}

  /**
   * Refuses what is none.
   *
   * @param key what the config calls it
   */
  static void require(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(key + " must be 0 to 1, got " + value);
    }
  }
}
