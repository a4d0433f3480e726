package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.djlrunner.metric.Scalar;

/** Scalars that wait on a device; any number of them is read in one copy. */
public final class DeviceScalars implements Scalar.Source, AutoCloseable {
  private final NDManager manager;

  private record DeviceScalar(NDArray array, double factor, Scalar.Source source)
      implements Scalar.Deferred {}

  /** A source whose scalars live in a sub-manager of {@code parent}. */
  public DeviceScalars(NDManager parent) {
    manager = parent.newSubManager();
  }

  /**
   * Keeps a number beyond the step that computed it.
   *
   * @param value a float32 array of one element, free of any gradient; this source comes to own it
   * @param factor what the number is multiplied with once it is read
   */
  public Scalar keep(NDArray value, double factor) {
    value.attach(manager);
    return new DeviceScalar(value, factor, this);
  }

  @Override
  public double[] read(List<Scalar.Deferred> scalars) {
    double[] values = new double[scalars.size()];
    try (NDManager scratch = manager.newSubManager()) {
      NDList arrays = new NDList();
      scalars.forEach(scalar -> arrays.add(((DeviceScalar) scalar).array()));
      NDArray stacked = NDArrays.stack(arrays);
      stacked.attach(scratch);
      float[] read = stacked.toFloatArray();
      for (int i = 0; i < read.length; i++) {
        values[i] = read[i] * ((DeviceScalar) scalars.get(i)).factor();
      }
    }
    release(scalars);
    return values;
  }

  @Override
  public void release(List<Scalar.Deferred> scalars) {
    scalars.forEach(scalar -> ((DeviceScalar) scalar).array().close());
  }

  @Override
  public void close() {
    manager.close();
  }
}
