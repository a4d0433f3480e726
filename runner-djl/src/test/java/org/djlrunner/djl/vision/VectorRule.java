package org.djlrunner.djl.vision;

import java.util.Arrays;

/** The rule by which the model vectors' weights and inputs are filled, instead of being shipped. */
final class VectorRule {
  private static final int INPUT = 999;

  private VectorRule() {}

  /** A tensor of the state dict: by its name, its position there and its shape. */
  static float[] weights(String name, int position, long[] shape) {
    float[] values =
        new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    long fanIn = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    for (int k = 0; k < values.length; k++) {
      double u = uniform(position, k);
      double value;
      if (shape.length >= 2) {
        value = Math.sqrt(6.0 / fanIn) * (2 * u - 1);
      } else if (name.endsWith("running_var")) {
        value = 0.5 + u;
      } else if (name.endsWith("weight")) {
        value = 0.3 + 0.2 * u;
      } else {
        value = 0.1 * (2 * u - 1);
      }
      values[k] = (float) value;
    }
    return values;
  }

  /** The input batch, row-major. */
  static float[] input(long[] shape) {
    float[] values =
        new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (3.4 * uniform(INPUT, k) - 1.7);
    }
    return values;
  }

  private static double uniform(long tensor, long element) {
    long z = (element + tensor * (1L << 40) + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return (z >>> 11) * 0x1.0p-53;
  }
}
