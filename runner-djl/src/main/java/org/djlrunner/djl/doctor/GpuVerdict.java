package org.djlrunner.djl.doctor;

import org.jspecify.annotations.Nullable;

/**
 * Why the GPU is not used: the first link of the chain that is broken.
 *
 * <p>The chain: driver, native flavour, CUDA runtime, GPU count, versions, engine, device code.
 *
 * @param reason what is broken
 * @param advice what to do about it
 */
record GpuVerdict(String reason, String advice) {

  /** How the flavour is switched. */
  static final String SWITCH =
      "start once with RUNNER_NATIVE=cu121 ./runner ... (own builds: mvn -Pcuda); it downloads"
          + " 2.5 GB and unpacks 4.2 GB";

  /** The oldest and newest major compute capability that libtorch 2.3.1 has device code for. */
  private static final int OLDEST = 5;

  private static final int NEWEST = 9;

  /** Null when nothing is broken. */
  static @Nullable GpuVerdict of(
      Machine machine, NativeProbe natives, CudaProbe cuda, EngineProbe engine) {
    Platform platform = Platform.of(machine);
    if (!platform.isLinux() && !platform.isWindows()) {
      return new GpuVerdict("there is no CUDA for " + platform.os(), "train on Linux or Windows");
    }
    if (!cuda.driver().found()) {
      return driver(machine, natives, cuda.driver());
    }
    if (!natives.isCuda()) {
      return new GpuVerdict(
          natives.flavor() == null
              ? "no CUDA native in effect, see " + NativeProbe.TOPIC
              : "CPU native on the class path (" + natives.flavor() + ")",
          SWITCH);
    }
    if (cuda.count() == 0) {
      return cuda.runtimeVersion() == 0 ? runtime(cuda.runtime()) : noDevice(machine, cuda);
    }
    return loaded(natives, cuda, engine);
  }

  private static GpuVerdict driver(Machine machine, NativeProbe natives, CudaDriver driver) {
    String reason = "no NVIDIA driver: " + CudaDriver.libraryName(machine) + " not found";
    if (driver.outOfReach() != null) {
      return new GpuVerdict(
          reason + " by the loader, though " + driver.outOfReach() + " is there",
          "export LD_LIBRARY_PATH=" + driver.outOfReach().getParent());
    }
    if (driver.kernelVersion() != null) {
      return new GpuVerdict(
          reason + ", though the kernel has the driver " + driver.kernelVersion(),
          "in a container: start it with --gpus all (NVIDIA container toolkit); else install the"
              + " driver's libraries in this version");
    }
    return natives.isCuda()
        ? new GpuVerdict(
            reason,
            "install NVIDIA's driver (nvidia-smi must list a GPU), or in a container"
                + " start it with --gpus all")
        : new GpuVerdict(
            natives.flavor() == null ? reason : reason + ", and the native is " + natives.flavor(),
            "install NVIDIA's driver (nvidia-smi must list a GPU), then " + SWITCH);
  }

  private static GpuVerdict runtime(CudaRuntime runtime) {
    String reason =
        "DJL counts GPUs through a CUDA runtime named cudart, and finds none under that name";
    if (runtime.outOfReach().isEmpty()) {
      return new GpuVerdict(
          reason,
          "put a link libcudart.so to a CUDA 12.1 runtime (PyTorch's libcudart-*.so.12 will do)"
              + " into a folder, and name the folder in LD_LIBRARY_PATH");
    }
    return new GpuVerdict(
        reason + "; " + runtime.outOfReach().get(0) + " is out of its reach",
        "a folder that LD_LIBRARY_PATH names must hold it, or a link to it, as libcudart.so");
  }

  private static GpuVerdict noDevice(Machine machine, CudaProbe cuda) {
    String visible = machine.env("CUDA_VISIBLE_DEVICES");
    String reason = "CUDA counts no GPU, with driver and runtime in place";
    if (visible != null) {
      return new GpuVerdict(
          reason + "; CUDA_VISIBLE_DEVICES is '" + visible + "'", "unset CUDA_VISIBLE_DEVICES");
    }
    String answer = cuda.failure() == null ? "" : ": " + cuda.failure();
    return new GpuVerdict(
        reason + " (runtime " + cuda.versionText() + ")" + answer,
        "see whether nvidia-smi lists a GPU; if so, the driver may be too old for this runtime:"
            + " CUDA 12.1 takes driver 525 or newer");
  }

  private static @Nullable GpuVerdict loaded(
      NativeProbe natives, CudaProbe cuda, EngineProbe engine) {
    NativeJar jar = natives.jar();
    if (jar != null && jar.cudaVersion() > cuda.runtimeVersion()) {
      return new GpuVerdict(
          "the CUDA runtime found is %s, older than the native %s, so DJL ignores the native"
              .formatted(cuda.versionText(), jar.flavor()),
          "take that runtime out of LD_LIBRARY_PATH, or put a newer one before it");
    }
    if (engine.engine() == null) {
      return new GpuVerdict(
          "the engine is not loaded: " + engine.failure(), "see the errors above");
    }
    if (!engine.hasCuda()) {
      return new GpuVerdict(
          "libtorch from " + engine.engine().folder() + " is built without CUDA", SWITCH);
    }
    for (Gpu gpu : cuda.gpus()) {
      if (gpu.major() < OLDEST || gpu.major() > NEWEST) {
        return new GpuVerdict(
            gpu + ": libtorch 2.3.1 has device code for 5.0 to 9.0 only", "use another GPU");
      }
    }
    return null;
  }
}
