package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The norm of a flat gradient, and clipping by it, without reading the device. */
final class GradientNorm {
  /** Keeps the division finite where all gradients are zero, as PyTorch does. */
  private static final double EPSILON = 1e-6;

  private GradientNorm() {}

  /**
   * Scales a gradient in place so that its norm is at most {@code maxNorm}.
   *
   * @return the norm before, a float32 scalar that the caller owns
   */
  static NDArray clip(NDArray gradient, double maxNorm, double normType) {
    NDArray norm = norm(gradient, normType);
    try (NDManager scratch = gradient.getManager().newSubManager()) {
      NDArray view = norm.stopGradient();
      view.attach(scratch);
      NDArray factor = view.add(EPSILON).pow(-1).mul(maxNorm).minimum(1);
      gradient.muli(factor);
    }
    return norm;
  }

  private static NDArray norm(NDArray gradient, double normType) {
    if (normType == 2) {
      // Not gradient.norm(): libtorch adds its squares up one by one, and loses three digits over
      // ten million of them. Its sum adds in pairs.
      try (NDArray squares = gradient.square();
          NDArray sum = squares.sum()) {
        return sum.sqrt();
      }
    }
    try (NDArray magnitudes = gradient.abs()) {
      if (normType == Double.POSITIVE_INFINITY) {
        return magnitudes.max();
      }
      try (NDArray powers = magnitudes.pow(normType);
          NDArray sum = powers.sum()) {
        // A double would make the result one: neither operand has a dimension to decide by.
        return sum.pow((float) (1 / normType));
      }
    }
  }
}
