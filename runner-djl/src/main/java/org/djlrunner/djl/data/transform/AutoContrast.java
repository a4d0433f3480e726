package org.djlrunner.djl.data.transform;

/**
 * Spreads each channel over 0 to 255: MMClassification's {@code AutoContrast}.
 *
 * @param probability of anything happening; default 0.5
 */
public record AutoContrast(double probability) implements ImageTransform {
  /** Rejects what is no probability. */
  public AutoContrast {
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!random.chance(probability)) {
      return;
    }
    for (int c = 0; c < picture.channels(); c++) {
      int[] counts = Tables.histogram(picture, c);
      int low = 0;
      while (low < 255 && counts[low] == 0) {
        low++;
      }
      int high = 255;
      while (high > 0 && counts[high] == 0) {
        high--;
      }
      if (low < high) {
        double scale = 255.0 / (high - low);
        double offset = -low * scale;
        Tables.apply(picture, c, Tables.truncated(v -> v * scale + offset));
      }
    }
  }
}
