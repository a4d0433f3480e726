package org.djlrunner.djl.data.transform;

import org.djlrunner.djl.data.DataException;

/**
 * A part of fixed size at a random place: MMClassification's {@code RandomCrop}.
 *
 * @param size of the result
 * @param padding added before; default none
 * @param padIfNeeded whether a smaller picture is padded on both sides by what it lacks; default
 *     false
 * @param fill for constant padding; default 0
 * @param mode of the padding; default constant
 */
public record RandomCrop(
    Extent size, Padding padding, boolean padIfNeeded, FillValue fill, PaddingMode mode)
    implements GeometricTransform {
  @Override
  public void place(Canvas canvas, SampleRandom random) {
    Padding border = padding;
    int height = canvas.height() + border.top() + border.bottom();
    int width = canvas.width() + border.left() + border.right();
    if (padIfNeeded && (height < size.height() || width < size.width())) {
      canvas.window(-border.top(), -border.left(), height, width, mode, fill);
      int rows = Math.max(0, size.height() - height);
      int columns = Math.max(0, size.width() - width);
      border = new Padding(columns, rows, columns, rows);
      height += 2 * rows;
      width += 2 * columns;
    }
    if (height < size.height() || width < size.width()) {
      throw new DataException(
          "the image is "
              + height
              + "x"
              + width
              + ", smaller than RandomCrop's "
              + size
              + "; set pad_if_needed: true or put Resize before it");
    }
    int top = random.between(0, height - size.height());
    int left = random.between(0, width - size.width());
    // Padding and cropping in one go: of the padding only what is seen is made.
    canvas.window(
        top - border.top(), left - border.left(), size.height(), size.width(), mode, fill);
  }

  @Override
  public FillValue fillsWith() {
    return fill;
  }

  @Override
  public Extent after(Extent before) {
    if (before.isFixed() && !padIfNeeded) {
      int height = before.height() + padding.top() + padding.bottom();
      int width = before.width() + padding.left() + padding.right();
      if (height < size.height() || width < size.width()) {
        throw new IllegalArgumentException(
            "RandomCrop takes "
                + size
                + " of images that are "
                + height
                + "x"
                + width
                + " with their padding; set pad_if_needed: true or lower its size");
      }
    }
    return size;
  }
}
