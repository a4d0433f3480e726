package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA's driver: the kernel module, and the library that programs reach it by.
 *
 * @param library the file that the loader takes, null when it finds none
 * @param outOfReach the library in a folder that the loader does not search, null when there is
 *     none
 * @param kernelVersion the version of the loaded kernel module, null when there is none (always on
 *     Windows and WSL)
 * @param cudaVersion the newest CUDA it supports: 124 for 12.4; 0 when unknown
 */
record CudaDriver(
    @Nullable Path library,
    @Nullable Path outOfReach,
    @Nullable String kernelVersion,
    int cudaVersion) {

  static final String TOPIC = "CUDA driver";

  private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+(\\.\\d+)?\\b");

  /**
   * Folders that containers and WSL put the driver in, and that a loader may not search. {@code
   * runner_driver} in a bundle's {@code env.sh} has the same; there is no CUDA native for ARM.
   */
  static final List<String> UNUSUAL =
      List.of(
          "/usr/lib/wsl/lib",
          "/usr/local/nvidia/lib64",
          "/usr/local/nvidia/lib",
          "/usr/lib/x86_64-linux-gnu",
          "/run/opengl-driver/lib");

  static CudaDriver find(Machine machine) {
    String name = libraryName(machine);
    Path library = LoaderPath.of(machine).find(machine, name);
    Path outOfReach =
        UNUSUAL.stream()
            .map(folder -> Path.of(folder, name))
            .filter(machine::exists)
            .findFirst()
            .orElse(null);
    return new CudaDriver(
        library,
        library == null ? outOfReach : null,
        kernel(machine),
        library == null ? 0 : machine.driverCudaVersion());
  }

  static String libraryName(Machine machine) {
    return Platform.of(machine).isWindows() ? "nvcuda.dll" : "libcuda.so.1";
  }

  boolean found() {
    return library != null;
  }

  /** Whether it runs what was built for a CUDA version; a driver runs all of its own major one. */
  boolean supports(int cuda) {
    return cudaVersion == 0 || cudaVersion / 10 >= cuda / 10;
  }

  /** {@code NVIDIA's driver 470.82.01, for CUDA up to 11.4}. */
  String describe() {
    return "NVIDIA's driver"
        + (kernelVersion == null ? "" : " " + kernelVersion)
        + (cudaVersion == 0 ? "" : ", for CUDA up to " + CudaProbe.version(cudaVersion));
  }

  Finding finding(Machine machine) {
    String version = kernelVersion == null ? "" : ", kernel module " + kernelVersion;
    if (found()) {
      String cuda = cudaVersion == 0 ? "" : ", CUDA up to " + CudaProbe.version(cudaVersion);
      return Finding.ok(TOPIC, library + version + cuda);
    }
    String text = "no NVIDIA driver: " + libraryName(machine) + " not found" + version;
    return Finding.note(
        TOPIC,
        outOfReach == null ? text : text + "; " + outOfReach + " is not in the loader's reach");
  }

  /** "NVRM version: NVIDIA UNIX x86_64 Kernel Module 550.54.15 Tue Mar ...". */
  private static @Nullable String kernel(Machine machine) {
    return machine.lines(Path.of("/proc/driver/nvidia/version")).stream()
        .filter(line -> line.startsWith("NVRM"))
        .map(CudaDriver::firstVersion)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String firstVersion(String line) {
    Matcher matcher = VERSION.matcher(line);
    return matcher.find() ? matcher.group() : null;
  }
}
