package org.djlrunner.djl.data.transform;

/** Mirrors pixels in place. */
final class Mirror {
  private Mirror() {}

  /** Left becomes right. */
  static void columns(byte[] pixels, int height, int width, int channels) {
    int row = width * channels;
    for (int y = 0; y < height; y++) {
      if (channels == 3) {
        rowOfThree(pixels, y * row, (y + 1) * row - 3);
      } else {
        row(pixels, y * row, (y + 1) * row - channels, channels);
      }
    }
  }

  /** Top becomes bottom. */
  static void rows(byte[] pixels, int height, int row) {
    byte[] kept = new byte[row];
    for (int top = 0, bottom = height - 1; top < bottom; top++, bottom--) {
      System.arraycopy(pixels, top * row, kept, 0, row);
      System.arraycopy(pixels, bottom * row, pixels, top * row, row);
      System.arraycopy(kept, 0, pixels, bottom * row, row);
    }
  }

  private static void rowOfThree(byte[] pixels, int first, int last) {
    for (int l = first, r = last; l < r; l += 3, r -= 3) {
      byte a = pixels[l];
      byte b = pixels[l + 1];
      byte c = pixels[l + 2];
      pixels[l] = pixels[r];
      pixels[l + 1] = pixels[r + 1];
      pixels[l + 2] = pixels[r + 2];
      pixels[r] = a;
      pixels[r + 1] = b;
      pixels[r + 2] = c;
    }
  }

  private static void row(byte[] pixels, int first, int last, int channels) {
    for (int l = first, r = last; l < r; l += channels, r -= channels) {
      for (int c = 0; c < channels; c++) {
        byte kept = pixels[l + c];
        pixels[l + c] = pixels[r + c];
        pixels[r + c] = kept;
      }
    }
  }
}
