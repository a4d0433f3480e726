package org.djlrunner.djl.data.transform;

/**
 * Adds pixels at the right and at the bottom up to a size: MMClassification's {@code Pad}. What is
 * larger stays.
 *
 * @param size to reach; {@link Extent#VARIES} for a square of the longer side
 * @param fill for constant padding; default 0
 * @param mode default constant
 */
public record Pad(Extent size, FillValue fill, PaddingMode mode) implements GeometricTransform {
  @Override
  public void place(Canvas canvas, SampleRandom random) {
    Extent padded = after(new Extent(canvas.height(), canvas.width()));
    canvas.window(0, 0, padded.height(), padded.width(), mode, fill);
  }

  @Override
  public FillValue fillsWith() {
    return fill;
  }

  @Override
  public Extent after(Extent before) {
    if (!before.isFixed()) {
      return Extent.VARIES;
    }
    int longer = Math.max(before.height(), before.width());
    Extent least = size.isFixed() ? size : new Extent(longer, longer);
    return new Extent(
        Math.max(before.height(), least.height()), Math.max(before.width(), least.width()));
  }

  @Override
  public boolean isRandom() {
    return false;
  }
}
