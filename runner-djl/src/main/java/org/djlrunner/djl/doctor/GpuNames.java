package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The model of the GPUs, which the driver tells on Linux and DJL does not. */
final class GpuNames {

  private static final String KEY = "Model:";

  private GpuNames() {}

  /**
   * The model that all GPUs of the machine have in common; empty when they differ, because CUDA's
   * numbering need not be the driver's, or when the driver does not tell.
   */
  static Optional<String> of(Machine machine) {
    List<String> models =
        machine.files(Path.of("/proc/driver/nvidia/gpus")).stream()
            .flatMap(gpu -> machine.lines(gpu.resolve("information")).stream())
            .filter(line -> line.startsWith(KEY))
            .map(line -> line.substring(KEY.length()).strip())
            .distinct()
            .toList();
    return models.size() == 1 ? Optional.of(models.get(0)) : Optional.empty();
  }
}
