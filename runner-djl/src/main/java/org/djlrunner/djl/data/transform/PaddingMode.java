package org.djlrunner.djl.data.transform;

/** Which pixel stands for one beyond the image's border. */
public enum PaddingMode {
  /** One value. */
  CONSTANT,
  /** The last pixel: {@code aaa|abcd|ddd}. */
  EDGE,
  /** Mirrored without the last pixel: {@code dcb|abcd|cba}. */
  REFLECT,
  /** Mirrored with the last pixel: {@code cba|abcd|dcb}. */
  SYMMETRIC;

  /**
   * The index within the image, -1 for the constant.
   *
   * @param i any index
   * @param size indices of the image, 1 or more
   */
  int source(int i, int size) {
    if (i >= 0 && i < size) {
      return i;
    }
    return switch (this) {
      case CONSTANT -> -1;
      case EDGE -> i < 0 ? 0 : size - 1;
      case REFLECT -> {
        int period = Math.max(1, 2 * size - 2);
        int k = Math.floorMod(i, period);
        yield k < size ? k : period - k;
      }
      case SYMMETRIC -> {
        int k = Math.floorMod(i, 2 * size);
        yield k < size ? k : 2 * size - 1 - k;
      }
    };
  }
}
