package org.djlrunner.djl.data.transform;

import org.djlrunner.djl.data.DataException;

/**
 * Changes one image, in place.
 *
 * <p>A transform has no state of its own: several workers use it at a time, each with a picture and
 * random numbers of its own. The same picture and numbers give the same result.
 */
public non-sealed interface ImageTransform extends PipelineStep {
  /**
   * Changes the picture.
   *
   * @param random this sample's random numbers in this pass
   * @throws DataException if the picture can't be changed so, with the reason
   */
  void apply(Picture picture, SampleRandom random);

  /**
   * The size of pictures behind this transform; unless overridden it stays.
   *
   * @throws IllegalArgumentException if pictures of the size before can't be changed so
   */
  default Extent after(Extent before) {
    return before;
  }

  /** Whether the result differs from pass to pass; unless overridden it does. */
  default boolean isRandom() {
    return true;
  }
}
