package org.djlrunner.djl.data.transform;

/**
 * Pixels to add around an image.
 *
 * @param left columns, 0 or more
 * @param top rows, 0 or more
 * @param right columns, 0 or more
 * @param bottom rows, 0 or more
 */
public record Padding(int left, int top, int right, int bottom) {
  /** None at all. */
  public static final Padding NONE = new Padding(0, 0, 0, 0);

  /** Rejects negative widths. */
  public Padding {
    if (left < 0 || top < 0 || right < 0 || bottom < 0) {
      throw new IllegalArgumentException(
          "padding must be 0 or more on each side, got "
              + String.join(", ", "" + left, "" + top, "" + right, "" + bottom));
    }
  }
}
