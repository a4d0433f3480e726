package org.djlrunner.djl.data.transform;

/**
 * The negative: MMClassification's {@code Invert}.
 *
 * @param probability of anything happening; default 0.5
 */
public record Invert(double probability) implements ImageTransform {
  private static final byte[] TABLE = Tables.truncated(v -> 255 - v);

  /** Rejects what is no probability. */
  public Invert {
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (random.chance(probability)) {
      Tables.apply(picture, TABLE);
    }
  }
}
