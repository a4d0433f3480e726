package org.djlrunner.djl.data.transform;

/**
 * Slants a picture: MMClassification's {@code Shear}.
 *
 * @param magnitude columns a row, or rows a column
 * @param beyond what comes in from outside; default 128
 * @param probability of anything happening; default 0.5
 * @param direction default horizontal: rows move
 * @param negativeProbability of the other way; default 0.5
 * @param interpolation default bicubic
 */
public record Shear(
    double magnitude,
    FillValue beyond,
    double probability,
    Direction direction,
    double negativeProbability,
    Interpolation interpolation)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Shear {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      double m = Signed.draw(magnitude, negativeProbability, random);
      double[] matrix =
          direction == Direction.HORIZONTAL
              ? new double[] {1, m, 0, 0, 1, 0}
              : new double[] {1, 0, 0, m, 1, 0};
      picture.warp(matrix, interpolation, beyond);
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public Shear withMagnitude(double other) {
    return new Shear(other, beyond, probability, direction, negativeProbability, interpolation);
  }
}
