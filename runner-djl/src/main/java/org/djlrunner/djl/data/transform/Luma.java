package org.djlrunner.djl.data.transform;

/** The grey of a colour, by OpenCV's integer formula for 0.299 R + 0.587 G + 0.114 B. */
final class Luma {
  private static final int RED = 9798;
  private static final int GREEN = 19235;
  private static final int BLUE = 3735;
  private static final int SHIFT = 15;

  private Luma() {}

  /** The grey of the pixel whose first byte is at {@code i}, 0 to 255. */
  static int at(byte[] pixels, int i) {
    return ((pixels[i] & 0xFF) * RED
            + (pixels[i + 1] & 0xFF) * GREEN
            + (pixels[i + 2] & 0xFF) * BLUE
            + (1 << (SHIFT - 1)))
        >> SHIFT;
  }

  /** The mean grey, rounded to even where it is half way. */
  static int mean(Picture picture) {
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    int step = picture.channels();
    long sum = 0;
    for (int i = 0; i < bytes; i += step) {
      sum += step == 3 ? at(pixels, i) : pixels[i] & 0xFF;
    }
    double count = (double) bytes / step;
    return (int) Math.rint(sum / count);
  }
}
