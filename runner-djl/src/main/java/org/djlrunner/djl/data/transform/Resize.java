package org.djlrunner.djl.data.transform;

/**
 * Makes every picture the same size: MMClassification's {@code Resize} with two sides.
 *
 * @param size of the result
 * @param interpolation default bilinear
 */
public record Resize(Extent size, Interpolation interpolation) implements ImageTransform {
  @Override
  public void apply(Picture picture, SampleRandom random) {
    if (picture.height() != size.height() || picture.width() != size.width()) {
      picture.resize(0, 0, picture.height(), picture.width(), size, interpolation);
    }
  }

  @Override
  public Extent after(Extent before) {
    return size;
  }

  @Override
  public boolean isRandom() {
    return false;
  }
}
