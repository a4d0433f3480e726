package org.djlrunner.djl.data.transform;

/**
 * Makes the values of each channel about equally frequent: MMClassification's {@code Equalize}, the
 * formula of PIL.
 *
 * @param probability of anything happening; default 0.5
 */
public record Equalize(double probability) implements ImageTransform {
  /** Rejects what is no probability. */
  public Equalize {
    Probability.require("prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!random.chance(probability)) {
      return;
    }
    for (int c = 0; c < picture.channels(); c++) {
      int[] counts = Tables.histogram(picture, c);
      int last = 255;
      while (counts[last] == 0) {
        last--;
      }
      int step = (picture.height() * picture.width() - counts[last]) / 255;
      if (step > 0) {
        Tables.apply(picture, c, table(counts, step));
      }
    }
  }

  private static byte[] table(int[] counts, int step) {
    byte[] table = new byte[256];
    int below = step / 2;
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) Math.min(255, v == 0 ? 0 : below / step);
      below += counts[v];
    }
    return table;
  }
}
