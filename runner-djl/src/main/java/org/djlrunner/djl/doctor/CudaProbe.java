package org.djlrunner.djl.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of CUDA is installed, and the GPUs that DJL counts through it.
 *
 * @param driver NVIDIA's driver
 * @param runtime the CUDA runtime under the name DJL looks for
 * @param runtimeVersion 121 for 12.1; 0 when unknown
 * @param count how many GPUs DJL counts
 * @param gpus those of them that answer; may be fewer
 * @param failure what went wrong while asking, or what CUDA answered; null when nothing did
 */
record CudaProbe(
    CudaDriver driver,
    CudaRuntime runtime,
    int runtimeVersion,
    int count,
    List<Gpu> gpus,
    @Nullable String failure) {

  static CudaProbe examine(Machine machine) {
    CudaDriver driver = CudaDriver.find(machine);
    CudaRuntime runtime = CudaRuntime.find(machine);
    int version = 0;
    int count = 0;
    List<Gpu> gpus = new ArrayList<>();
    try {
      // Without a driver the runtime can only answer "no", and DJL warns about that.
      count = driver.found() ? machine.gpuCount() : 0;
      version = count > 0 || runtime.found() ? machine.cudaVersion() : 0;
      String failure = driver.found() && runtime.found() ? machine.gpuCountFailure() : null;
      for (int i = 0; i < count; i++) {
        gpus.add(machine.gpu(i));
      }
      return new CudaProbe(driver, runtime, version, count, gpus, failure);
    } catch (LinkageError | RuntimeException e) {
      return new CudaProbe(driver, runtime, version, count, gpus, e.toString());
    }
  }

  List<Finding> findings(Machine machine, NativeProbe natives) {
    List<Finding> findings = new ArrayList<>();
    findings.add(driver.finding(machine));
    Finding found = runtime.finding();
    findings.add(
        runtimeVersion == 0
            ? found
            : Finding.ok(found.topic(), found.text() + ", version " + versionText()));
    if (count == 0) {
      findings.add(Finding.note("GPUs", "DJL counts none"));
    }
    gpus.forEach(gpu -> findings.add(finding(gpu, GpuVerdict.ofDevice(natives, gpu))));
    if (failure != null) {
      findings.add(
          Finding.warning("GPUs", "asking CUDA failed: " + failure, "compare with nvidia-smi"));
    }
    return findings;
  }

  private static Finding finding(Gpu gpu, @Nullable GpuVerdict verdict) {
    return verdict == null
        ? Finding.ok("GPU", gpu.toString())
        : Finding.note("GPU", verdict.reason());
  }

  /** The runtime's version. */
  String versionText() {
    return version(runtimeVersion);
  }

  /** {@code 12.1} for 121. */
  static String version(int version) {
    return version / 10 + "." + version % 10;
  }
}
