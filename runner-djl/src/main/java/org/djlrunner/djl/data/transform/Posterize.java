package org.djlrunner.djl.data.transform;

/**
 * Keeps the highest bits of each value: MMClassification's {@code Posterize}.
 *
 * @param bits that are kept, 0 to 8; a fraction counts as one more
 * @param probability of anything happening; default 0.5
 */
public record Posterize(double bits, double probability) implements GradedTransform {
  /** Rejects what are no bits and no probability. */
  public Posterize {
    if (!(bits >= 0 && bits <= 8)) {
      throw new IllegalArgumentException("bits must be 0 to 8, got " + bits);
    }
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      int shift = 8 - (int) Math.ceil(bits);
      Tables.apply(picture, Tables.truncated(v -> v >> shift << shift));
    }
  }

  @Override
  public String magnitudeKey() {
    return "bits";
  }

  @Override
  public Posterize withMagnitude(double other) {
    return new Posterize(other, probability);
  }
}
