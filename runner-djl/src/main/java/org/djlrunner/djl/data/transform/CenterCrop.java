package org.djlrunner.djl.data.transform;

import org.djlrunner.djl.data.DataException;

/**
 * The middle: MMClassification's {@code CenterCrop}; where it can't be exact, rounded to even.
 *
 * @param size of the result
 */
public record CenterCrop(Extent size) implements GeometricTransform {
  @Override
  public void place(Canvas canvas, SampleRandom random) {
    int height = canvas.height();
    int width = canvas.width();
    if (height < size.height() || width < size.width()) {
      throw new DataException(smaller(new Extent(height, width)));
    }
    canvas.window(
        (int) Math.rint((height - size.height()) / 2.0),
        (int) Math.rint((width - size.width()) / 2.0),
        size.height(),
        size.width(),
        PaddingMode.EDGE,
        FillValue.of(0));
  }

  @Override
  public Extent after(Extent before) {
    if (before.isFixed() && (before.height() < size.height() || before.width() < size.width())) {
      throw new IllegalArgumentException(smaller(before));
    }
    return size;
  }

  @Override
  public boolean isRandom() {
    return false;
  }

  private String smaller(Extent image) {
    return "an image is "
        + image
        + ", smaller than CenterCrop's "
        + size
        + "; put Resize or Pad before it";
  }
}
