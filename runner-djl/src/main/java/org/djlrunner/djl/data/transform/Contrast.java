package org.djlrunner.djl.data.transform;

/**
 * Moves pixels away from the picture's mean grey by {@code 1 + magnitude}: MMClassification's
 * {@code Contrast}.
 *
 * @param magnitude the strength
 * @param probability of anything happening; default 0.5
 * @param negativeProbability of {@code 1 - magnitude} instead; default 0.5
 */
public record Contrast(double magnitude, double probability, double negativeProbability)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Contrast {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      double strength = 1 + Signed.draw(magnitude, negativeProbability, random);
      float factor = (float) strength;
      float grey = Luma.mean(picture) * (float) (1 - strength);
      Tables.apply(picture, Tables.truncated(v -> v * factor + grey));
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public Contrast withMagnitude(double other) {
    return new Contrast(other, probability, negativeProbability);
  }
}
