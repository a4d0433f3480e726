package org.djlrunner.djl.data.transform;

/**
 * Makes a picture grey now and then, keeping its channels: MMClassification's {@code
 * RandomGrayscale}.
 *
 * @param probability of becoming grey; default 0.1
 */
public record RandomGrayscale(double probability) implements ImageTransform {
  /** Rejects what is no probability. */
  public RandomGrayscale {
    Probability.require("gray_prob", probability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!random.chance(probability) || picture.channels() != 3) {
      return;
    }
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    for (int i = 0; i < bytes; i += 3) {
      byte grey = (byte) Luma.at(pixels, i);
      pixels[i] = grey;
      pixels[i + 1] = grey;
      pixels[i + 2] = grey;
    }
  }
}
