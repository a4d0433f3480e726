package org.djlrunner.djl.doctor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link NativeDoctor} found, and its verdict.
 *
 * @param findings in the order of the report: Java, system, natives, CUDA, engine, cache
 * @param devices what training can run on, the best first, such as {@code [gpu:0, cpu]}; empty when
 *     it can't run at all
 * @param gpuExplanation the GPUs that are used, or why none is and what to do
 * @param noGpu why the GPU is not used in a few words, such as {@code no NVIDIA driver}; null when
 *     it is
 */
public record Diagnosis(
    List<Finding> findings, List<String> devices, String gpuExplanation, @Nullable String noGpu) {

  /** Copies the lists. */
  public Diagnosis {
    findings = List.copyOf(findings);
    devices = List.copyOf(devices);
  }

  /** Whether training can run on anything at all. */
  public boolean canTrain() {
    return !devices.isEmpty();
  }

  /** Whether training can run on a GPU. */
  public boolean gpuUsable() {
    return devices.stream().anyMatch(device -> device.startsWith("gpu"));
  }
}
