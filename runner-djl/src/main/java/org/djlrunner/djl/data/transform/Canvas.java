package org.djlrunner.djl.data.transform;

/**
 * An image to a transform that moves and fills pixels without looking at them: a {@link Picture},
 * or a {@link PixelMap}, which only notes where each pixel comes from.
 */
public interface Canvas {
  /** Rows. */
  int height();

  /** Columns. */
  int width();

  /**
   * Becomes a window on itself, which may reach beyond its borders.
   *
   * @param top row of the window's first row, negative above the image
   * @param left column of its first column, negative left of the image
   * @param beyond what is seen beyond the borders
   * @param value per channel, for {@link PaddingMode#CONSTANT}
   */
  void window(int top, int left, int rows, int columns, PaddingMode beyond, FillValue value);

  /** Becomes its mirror image: left-right, top-bottom, or both. */
  void flip(boolean horizontally, boolean vertically);

  /** Fills a rectangle that lies within the image. */
  void fill(int top, int left, int rows, int columns, FillValue value);
}
