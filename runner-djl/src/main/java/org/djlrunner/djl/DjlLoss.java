package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.djlrunner.spi.Loss;

/**
 * A loss in libtorch's graph.
 *
 * <p>Calls backward directly: DJL's gradient collector is one a process, zeroes every gradient of
 * the process, and leaves the gradient mode changed.
 */
final class DjlLoss implements Loss {
  private final NDArray value;
  private boolean done;

  DjlLoss(NDArray value) {
    this.value = value;
  }

  @Override
  public void backward(double scale) {
    if (done) {
      throw new IllegalStateException("backward ran already; its graph is gone");
    }
    done = true;
    try (NDArray seed = value.getManager().full(value.getShape(), (float) scale)) {
      JniUtils.backward((PtNDArray) value, (PtNDArray) seed, false, false);
    }
  }
}
