package org.djlrunner.djl.experiment;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Consumer;

/**
 * cuDNN's search for the fastest algorithm, switched for the time of a run.
 *
 * <p>The switch is the process's and can't be read; so a run puts it back to what DJL set at its
 * start.
 */
final class CudnnBenchmark implements AutoCloseable {
  /** DJL's own property, read when its engine starts. */
  private static final String DJL = "ai.djl.pytorch.cudnn_benchmark";

  private final Consumer<Boolean> libtorch;

  CudnnBenchmark(boolean on) {
    this(on, JniUtils::setBenchmarkCuDNN);
  }

  CudnnBenchmark(boolean on, Consumer<Boolean> libtorch) {
    this.libtorch = libtorch;
    libtorch.accept(on);
  }

  @Override
  public void close() {
    libtorch.accept(Boolean.getBoolean(DJL));
  }
}
