package org.djlrunner.djl.data.transform;

/**
 * A transform that moves and fills pixels without looking at them. So it can be done for images
 * that lie on the device: the host draws where pixels come from, the device fetches them.
 */
public interface GeometricTransform extends ImageTransform {
  /**
   * Changes the image.
   *
   * <p>It fills with {@link #fillsWith} alone, and at most one rectangle.
   *
   * @param random this sample's random numbers in this pass
   */
  void place(Canvas canvas, SampleRandom random);

  /** The one value that it fills with; unless overridden black. */
  default FillValue fillsWith() {
    return FillValue.of(0);
  }

  /** Whether it is one with the settings that it has; unless overridden it is. */
  default boolean isGeometric() {
    return true;
  }

  @Override
  default void apply(Picture picture, SampleRandom random) {
    place(picture, random);
  }
}
