package org.djlrunner.djl.data.transform;

/** Replaces every pixel value by what a table of 256 holds for it. */
final class Tables {
  private Tables() {}

  /** What becomes of a value of 0 to 255. */
  interface Mapping {
    double of(int value);
  }

  /** A table, with what is below 0 or above 255 cut off, and fractions as well. */
  static byte[] truncated(Mapping mapping) {
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) (int) Math.max(0, Math.min(255, mapping.of(v)));
    }
    return table;
  }

  /** Puts all channels through one table. */
  static void apply(Picture picture, byte[] table) {
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    for (int i = 0; i < bytes; i++) {
      pixels[i] = table[pixels[i] & 0xFF];
    }
  }

  /** Puts one channel through a table. */
  static void apply(Picture picture, int channel, byte[] table) {
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    for (int i = channel; i < bytes; i += picture.channels()) {
      pixels[i] = table[pixels[i] & 0xFF];
    }
  }

  /** How often each value occurs in a channel. */
  static int[] histogram(Picture picture, int channel) {
    byte[] pixels = picture.pixels();
    int bytes = picture.bytes();
    int[] counts = new int[256];
    for (int i = channel; i < bytes; i += picture.channels()) {
      counts[pixels[i] & 0xFF]++;
    }
    return counts;
  }
}
