package org.djlrunner.djl.data.transform;

/** Strengths that may turn negative. */
final class Signed {
  private Signed() {}

  /** Negative with that probability. */
  static double draw(double magnitude, double negativeProbability, SampleRandom random) {
    return random.chance(negativeProbability) ? -magnitude : magnitude;
  }
}
