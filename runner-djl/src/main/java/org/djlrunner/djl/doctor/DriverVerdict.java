package org.djlrunner.djl.doctor;

/** What is said where NVIDIA's driver is what is wrong. */
final class DriverVerdict {

  private static final String NONE = "no NVIDIA driver";
  private static final String INSTALL = "install NVIDIA's driver (nvidia-smi must list a GPU)";

  private DriverVerdict() {}

  static GpuVerdict missing(Machine machine, NativeProbe natives, CudaDriver driver) {
    String reason = NONE + ": " + CudaDriver.libraryName(machine) + " not found";
    if (driver.outOfReach() != null) {
      return new GpuVerdict(
          "NVIDIA's driver is out of reach",
          reason + " by the loader, though " + driver.outOfReach() + " is there",
          "export LD_LIBRARY_PATH=" + driver.outOfReach().getParent());
    }
    if (driver.kernelVersion() != null) {
      return new GpuVerdict(
          "NVIDIA's driver library is missing",
          reason + ", though the kernel has the driver " + driver.kernelVersion(),
          "in a container: start it with --gpus all (NVIDIA container toolkit); else install the"
              + " driver's libraries in this version");
    }
    if (natives.isCuda()) {
      return new GpuVerdict(NONE, reason, INSTALL + ", or in a container start it with --gpus all");
    }
    return new GpuVerdict(
        NONE,
        natives.flavor() == null ? reason : reason + ", and the native is " + natives.flavor(),
        INSTALL + ", then " + FlavorSwitch.advice(machine));
  }

  static GpuVerdict tooOld(NativeProbe natives, CudaDriver driver) {
    String cuda = CudaProbe.version(natives.cudaVersion());
    return new GpuVerdict(
        "the driver is too old for CUDA " + cuda,
        driver.describe() + ", is too old: the native is built for CUDA " + cuda,
        "install driver 525 or newer, which runs all of CUDA 12");
  }
}
