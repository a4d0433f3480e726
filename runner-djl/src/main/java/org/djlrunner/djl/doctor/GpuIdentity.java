package org.djlrunner.djl.doctor;

import ai.djl.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which GPU and driver a run used, as far as the driver tells; for the run's description.
 *
 * @param model such as {@code NVIDIA H200}, null when unknown
 * @param driver the version of the kernel module, null when unknown
 * @param computeCapability major and minor digits, such as {@code 90}
 */
public record GpuIdentity(
    @Nullable String model, @Nullable String driver, String computeCapability) {
  /** The GPU behind a device of this process. */
  public static GpuIdentity of(Device gpu) {
    Machine machine = new ThisMachine();
    Gpu found = machine.gpu(gpu.getDeviceId());
    return new GpuIdentity(
        found.name(), CudaDriver.find(machine).kernelVersion(), found.computeCapability());
  }

  /** Its parts by name; what is unknown is left out. */
  public Map<String, Object> describe() {
    Map<String, Object> description = new LinkedHashMap<>();
    if (model != null) {
      description.put("gpu", model);
    }
    if (driver != null) {
      description.put("driver", driver);
    }
    description.put("compute_capability", computeCapability);
    return description;
  }
}
