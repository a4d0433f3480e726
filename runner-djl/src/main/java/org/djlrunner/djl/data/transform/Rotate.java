package org.djlrunner.djl.data.transform;

/**
 * Turns a picture about its middle: MMClassification's {@code Rotate}.
 *
 * @param angle degrees, clockwise
 * @param scale the result is that much larger; default 1
 * @param beyond what comes in from outside; default 128
 * @param probability of anything happening; default 0.5
 * @param negativeProbability of the other way; default 0.5
 * @param interpolation default nearest
 */
public record Rotate(
    double angle,
    double scale,
    FillValue beyond,
    double probability,
    double negativeProbability,
    Interpolation interpolation)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Rotate {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      double degrees = Signed.draw(angle, negativeProbability, random);
      double radians = Math.toRadians(-degrees);
      double a = scale * StrictMath.cos(radians);
      double b = scale * StrictMath.sin(radians);
      double x = (picture.width() - 1) * 0.5;
      double y = (picture.height() - 1) * 0.5;
      double[] matrix = {a, b, (1 - a) * x - b * y, -b, a, b * x + (1 - a) * y};
      picture.warp(matrix, interpolation, beyond);
    }
  }

  @Override
  public String magnitudeKey() {
    return "angle";
  }

  @Override
  public Rotate withMagnitude(double other) {
    return new Rotate(other, scale, beyond, probability, negativeProbability, interpolation);
  }
}
