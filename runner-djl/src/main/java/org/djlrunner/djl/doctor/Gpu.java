package org.djlrunner.djl.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One GPU as the CUDA runtime sees it.
 *
 * @param index CUDA's index, from 0
 * @param name the model as the driver tells it, null when unknown
 * @param totalBytes its memory
 * @param usedBytes what is taken by all processes, this one included
 * @param computeCapability major and minor digits, such as {@code 90}
 */
record Gpu(
    int index, @Nullable String name, long totalBytes, long usedBytes, String computeCapability) {

  /** The major number of the compute capability: 9 for 9.0, 12 for 12.0. */
  int major() {
    return Integer.parseInt(computeCapability) / 10;
  }

  /**
   * Whether machine code for a generation, such as {@code 86}, runs here: same major, not above.
   */
  boolean runs(int generation) {
    int capability = Integer.parseInt(computeCapability);
    return capability / 10 == generation / 10 && capability >= generation;
  }

  /** {@code 9.0} for 90. */
  String capability() {
    return CudaProbe.version(Integer.parseInt(computeCapability));
  }

  @Override
  public String toString() {
    return "gpu:%d %s, %s (%s used), compute capability %s"
        .formatted(
            index,
            name == null ? "of unknown name" : name,
            Bytes.text(totalBytes),
            Bytes.text(usedBytes),
            capability());
  }
}
