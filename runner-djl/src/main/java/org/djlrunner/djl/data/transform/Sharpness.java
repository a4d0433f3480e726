package org.djlrunner.djl.data.transform;

/**
 * Moves pixels away from the picture smoothed by {@code [1 1 1; 1 5 1; 1 1 1] / 13}, by {@code 1 +
 * magnitude}: MMClassification's {@code Sharpness}.
 *
 * @param magnitude the strength
 * @param probability of anything happening; default 0.5
 * @param negativeProbability of {@code 1 - magnitude} instead; default 0.5
 */
public record Sharpness(double magnitude, double probability, double negativeProbability)
    implements GradedTransform {
  /** Rejects what are no probabilities. */
  public Sharpness {
    Probability.require("prob", probability);
    Probability.require("random_negative_prob", negativeProbability);
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (!random.chance(probability)) {
      return;
    }
    float factor = (float) (1 + Signed.draw(magnitude, negativeProbability, random));
    float rest = 1 - factor;
    byte[] pixels = picture.pixels();
    byte[] smooth = picture.scratch();
    smooth(pixels, picture.height(), picture.width(), picture.channels(), smooth);
    int bytes = picture.bytes();
    for (int i = 0; i < bytes; i++) {
      float value = (pixels[i] & 0xFF) * factor + (smooth[i] & 0xFF) * rest;
      pixels[i] = (byte) (int) Math.max(0, Math.min(255, value));
    }
  }

  private static void smooth(byte[] from, int height, int width, int channels, byte[] to) {
    int row = width * channels;
    for (int y = 0; y < height; y++) {
      int above = PaddingMode.REFLECT.source(y - 1, height) * row;
      int here = y * row;
      int below = PaddingMode.REFLECT.source(y + 1, height) * row;
      for (int x = 0; x < width; x++) {
        int left = PaddingMode.REFLECT.source(x - 1, width) * channels;
        int right = PaddingMode.REFLECT.source(x + 1, width) * channels;
        for (int c = 0; c < channels; c++) {
          int middle = x * channels + c;
          int sum = 4 * (from[here + middle] & 0xFF);
          for (int line : new int[] {above, here, below}) {
            sum += (from[line + left + c] & 0xFF) + (from[line + right + c] & 0xFF);
            sum += from[line + middle] & 0xFF;
          }
          to[here + middle] = (byte) (int) Math.rint(sum / 13.0);
        }
      }
    }
  }

  @Override
  public String magnitudeKey() {
    return "magnitude";
  }

  @Override
  public Sharpness withMagnitude(double other) {
    return new Sharpness(other, probability, negativeProbability);
  }
}
