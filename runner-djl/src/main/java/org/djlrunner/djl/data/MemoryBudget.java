package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Locale;

/**
 * How much of a device's memory a data set may take for good.
 *
 * @param bytes the limit
 * @param where for people: half of what, on which device
 */
record MemoryBudget(long bytes, String where) {
  private static final double GB = 1e9;

  /** Half of what is free now on a GPU, half of the machine's or container's memory on a CPU. */
  static MemoryBudget of(Device device) {
    if (device.isGpu()) {
      MemoryUsage memory = CudaUtils.getGpuMemory(device);
      return new MemoryBudget(
          (memory.getMax() - memory.getUsed()) / 2,
          "half of what is free on gpu:" + device.getDeviceId());
    }
    long physical =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Runtime.getRuntime().maxMemory();
    return new MemoryBudget(physical / 2, "half of this machine's memory");
  }

  /**
   * Refuses what is too much.
   *
   * @throws IllegalArgumentException with what is needed, what there is and what to do
   */
  void require(long needed) {
    if (needed > bytes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "cache: device would keep the data set's %.2f GB there, but may take %.2f GB, %s;"
                  + " leave out cache: batches are then loaded ahead of the step",
              needed / GB,
              bytes / GB,
              where));
    }
  }
}
