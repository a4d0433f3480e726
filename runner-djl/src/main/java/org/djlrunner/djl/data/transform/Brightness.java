package org.djlrunner.djl.data.transform;

/**
 * Multiplies pixels by {@code 1 + magnitude}: MMClassification's {@code Brightness}.
 *
 * @param magnitude the strength
 * @param probability of anything happening; default 0.5
 * @param negativeProbability of {@code 1 - magnitude} instead; default 0.5
 */
public record Brightness(double magnitude, double probability, double negativeProbability)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Brightness {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      float factor = (float) (1 + Signed.draw(magnitude, negativeProbability, random));
      Tables.apply(picture, Tables.truncated(v -> v * factor));
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public Brightness withMagnitude(double other) {
    return new Brightness(other, probability, negativeProbability);
  }
}
