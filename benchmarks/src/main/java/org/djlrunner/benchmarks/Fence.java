package org.djlrunner.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Waits for a device: it computes in order, so a number read from it is behind all else. */
final class Fence {
  private final NDArray one;

  /** A fence for the manager's device, which owns its one number. */
  Fence(NDManager manager) {
    one = manager.ones(new Shape(1));
  }

  /** Waits. */
  void await() {
    try (NDArray number = one.add(one)) {
      number.getFloat();
    }
  }
}
