package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * A normalisation's numbers on the device, copied there once.
 *
 * @param mean {@code [C] float32}
 * @param std {@code [C] float32}
 */
record DeviceNormalization(NDArray mean, NDArray std) {
  /** Arrays that {@code manager} owns. */
  static DeviceNormalization of(Normalization normalization, NDManager manager) {
    return new DeviceNormalization(
        array(normalization.mean(), manager), array(normalization.std(), manager));
  }

  private static NDArray array(List<Double> values, NDManager manager) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return manager.create(floats);
  }
}
