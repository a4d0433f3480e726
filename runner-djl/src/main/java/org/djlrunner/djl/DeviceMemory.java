package org.djlrunner.djl;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.OptionalLong;
import org.djlrunner.spi.MemoryGauge;

/**
 * The memory in use on a GPU, of all processes and with what libtorch keeps for later, as {@code
 * nvidia-smi} shows it; a CPU has no memory of its own.
 */
final class DeviceMemory implements MemoryGauge {
  private final Device device;

  DeviceMemory(Device device) {
    this.device = device;
  }

  @Override
  public OptionalLong usedBytes() {
    return device.isGpu()
        ? OptionalLong.of(CudaUtils.getGpuMemory(device).getUsed())
        : OptionalLong.empty();
  }
}
