package org.djlrunner.djl.experiment;

import ai.djl.nn.Block;
import org.djlrunner.djl.data.ImageShape;

/** A network that a config describes, built once the images' size is known. */
@FunctionalInterface
public interface ModelSpec {
  /**
   * Builds it, not initialised.
   *
   * @throws IllegalArgumentException if it can't take such images
   */
  Block create(ImageShape images);
}
