package org.djlrunner.djl.data.transform;

/**
 * Moves colours away from grey by {@code 1 + magnitude}: MMClassification's {@code ColorTransform}.
 * Grey pictures stay.
 *
 * @param magnitude the strength
 * @param probability of anything happening; default 0.5
 * @param negativeProbability of {@code 1 - magnitude} instead; default 0.5
 */
public record ColorTransform(double magnitude, double probability, double negativeProbability)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public ColorTransform {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!random.chance(probability) || picture.channels() != 3) {
      return;
    }
    float factor = (float) (1 + Signed.draw(magnitude, negativeProbability, random));
    float rest = 1 - factor;
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    for (int i = 0; i < bytes; i += 3) {
      float grey = Luma.at(pixels, i) * rest;
      for (int c = i; c < i + 3; c++) {
        double value = Math.rint((pixels[c] & 0xFF) * factor + grey);
        pixels[c] = (byte) (int) Math.max(0, Math.min(255, value));
      }
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public ColorTransform withMagnitude(double other) {
    return new ColorTransform(other, probability, negativeProbability);
  }
}
