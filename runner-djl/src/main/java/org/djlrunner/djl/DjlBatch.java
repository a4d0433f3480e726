package org.djlrunner.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/**
 * A batch that {@link DjlModelStep} can train on.
 *
 * <p>Closing it frees its arrays and those that a step derived from them.
 */
public interface DjlBatch extends AutoCloseable {
  /** Samples in the batch. */
  int size();

  /** Owns the batch's arrays. */
  NDManager manager();

  /**
   * The network's inputs on the model's device, ready for forward.
   *
   * <p>May compute them: a step calls this once, or not at all where it takes {@link #rawPixels}.
   */
  NDList inputs();

  /** The network's only input as raw pixels, where a batch has them; else empty. */
  default Optional<Pixels> rawPixels() {
    return Optional.empty();
  }

  /** The labels on the model's device, as the loss expects them. */
  NDList labels();

  @Override
  void close();
}
