package org.djlrunner.djl.precision;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether a device computes in bfloat16 faster than in float32.
 *
 * <p>A CPU does by AMX. The older AVX512-BF16 alone multiplies no faster than float32, and its
 * convolutions took 1.5 times as long where they were measured (benchmarks/README.md).
 */
public final class Bfloat16Support {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Ampere, the first generation with bfloat16. */
  private static final int AMPERE = 80;

  private Bfloat16Support() {}

  /** Whether the device has the units for it: AMX, or tensor cores of Ampere and newer. */
  public static boolean of(Device device) {
    return device.isGpu()
        ? Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())) >= AMPERE
        : ofCpu(CPU_INFO);
  }

  /**
   * Whether a CPU has it, by its flags; false where there are none to read.
   *
   * @param cpuInfo in the form of Linux's {@code /proc/cpuinfo}
   */
  static boolean ofCpu(Path cpuInfo) {
    if (!Files.isReadable(cpuInfo)) {
      return false;
    }
    try (var lines = Files.lines(cpuInfo)) {
      return lines
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("flags"))
          .anyMatch(line -> line.contains(" amx_bf16"));
    } catch (IOException e) {
      return false;
    }
  }
}
