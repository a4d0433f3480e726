package org.djlrunner.djl.data.transform;

/**
 * Inverts values from a threshold on: MMClassification's {@code Solarize}.
 *
 * @param threshold the least value that is inverted
 * @param probability of anything happening; default 0.5
 */
public record Solarize(double threshold, double probability) implements GradedTransform {
  /** Rejects what is no probability. */
  public Solarize {
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      Tables.apply(picture, Tables.truncated(v -> v < threshold ? v : 255 - v));
    }
  }

  @Override
  public String magnitudeKey() {
    return "thr";
  }

  @Override
  public Solarize withMagnitude(double other) {
    return new Solarize(other, probability);
  }
}
