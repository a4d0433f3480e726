package org.djlrunner.djl.data.transform;

/**
 * Adds to values below a threshold: MMClassification's {@code SolarizeAdd}.
 *
 * @param magnitude what is added
 * @param threshold the least value that stays; default 128
 * @param probability of anything happening; default 0.5
 */
public record SolarizeAdd(double magnitude, double threshold, double probability)
    implements GradedTransform {
  /** Rejects what is no probability. */
  public SolarizeAdd {
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      Tables.apply(picture, Tables.truncated(v -> v < threshold ? v + magnitude : v));
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public SolarizeAdd withMagnitude(double other) {
    return new SolarizeAdd(other, threshold, probability);
  }
}
