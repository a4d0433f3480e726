package org.djlrunner.djl.data.transform;

/**
 * The height and width of pictures at a place of a pipeline, or that they differ by picture.
 *
 * @param height rows, 0 if they differ
 * @param width columns, 0 if they differ
 */
public record Extent(int height, int width) {
  /** Pictures of many sizes. */
  public static final Extent VARIES = new Extent(0, 0);

  /** Whether all pictures have this size. */
  public boolean isFixed() {
    return height > 0 && width > 0;
  }

  @Override
  public String toString() {
    return isFixed() ? height + "x" + width : "of many sizes";
  }
}
