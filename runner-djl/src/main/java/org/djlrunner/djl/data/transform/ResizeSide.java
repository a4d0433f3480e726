package org.djlrunner.djl.data.transform;

/**
 * Gives one side a length and keeps the shape: MMClassification's {@code Resize} with a size of
 * {@code (256, -1)}.
 *
 * @param length of that side
 * @param side default short
 * @param interpolation default bilinear
 */
public record ResizeSide(int length, Side side, Interpolation interpolation)
    implements ImageTransform {
  /** Which side. */
  public enum Side {
    /** The shorter one. */
    SHORT,
    /** The longer one. */
    LONG,
    /** The rows. */
    HEIGHT,
    /** The columns. */
    WIDTH
  }

  @Override
  public void apply(Picture picture, SampleRandom random) {
    Extent size = after(new Extent(picture.height(), picture.width()));
    if (picture.height() != size.height() || picture.width() != size.width()) {
      picture.resize(0, 0, picture.height(), picture.width(), size, interpolation);
    }
  }

  @Override
  public Extent after(Extent before) {
    if (!before.isFixed()) {
      return Extent.VARIES;
    }
    int h = before.height();
    int w = before.width();
    boolean byWidth =
        switch (side) {
          case SHORT -> w < h;
          case LONG -> w > h;
          case HEIGHT -> false;
          case WIDTH -> true;
        };
    return byWidth
        ? new Extent(Math.max(1, (int) ((double) length * h / w)), length)
        : new Extent(length, Math.max(1, (int) ((double) length * w / h)));
  }

  @Override
  public boolean isRandom() {
    return false;
  }
}
