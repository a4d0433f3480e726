package org.djlrunner.djl.data.transform;

/**
 * Moves a picture: MMClassification's {@code Translate}.
 *
 * @param magnitude share of the width or height
 * @param beyond what comes in from outside; default 128
 * @param probability of anything happening; default 0.5
 * @param direction default horizontal: to the right
 * @param negativeProbability of the other way; default 0.5
 * @param interpolation default nearest
 */
public record Translate(
    double magnitude,
    FillValue beyond,
    double probability,
    Direction direction,
    double negativeProbability,
    Interpolation interpolation)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Translate {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      double m = Signed.draw(magnitude, negativeProbability, random);
      double[] matrix =
          direction == Direction.HORIZONTAL
              ? new double[] {1, 0, m * picture.width(), 0, 1, 0}
              : new double[] {1, 0, 0, 0, 1, m * picture.height()};
      picture.warp(matrix, interpolation, beyond);
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public Translate withMagnitude(double other) {
    return new Translate(other, beyond, probability, direction, negativeProbability, interpolation);
  }
}
