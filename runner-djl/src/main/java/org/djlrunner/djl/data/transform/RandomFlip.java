package org.djlrunner.djl.data.transform;

/**
 * Mirrors now and then: MMClassification's {@code RandomFlip}.
 *
 * @param probability of being mirrored; default 0.5
 * @param direction default horizontal: left becomes right
 */
public record RandomFlip(double probability, Direction direction) implements GeometricTransform {
  /** Rejects what is no probability. */
  public RandomFlip {
    Probability.require("flip_prob", probability);
  }

  @Override
  public void place(Canvas canvas, SampleRandom random) {
    if (random.chance(probability)) {
      canvas.flip(direction == Direction.HORIZONTAL, direction == Direction.VERTICAL);
    }
  }
}
