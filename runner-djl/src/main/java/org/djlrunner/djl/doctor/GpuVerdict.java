package org.djlrunner.djl.doctor;

import org.jspecify.annotations.Nullable;

/**
 * Why the GPU is not used: the first link of the chain that is broken.
 *
 * <p>The chain: driver, native flavour, the driver's CUDA, CUDA runtime, GPU count, device code,
 * engine.
 *
 * @param summary what is broken, in a few words for the first line of a run
 * @param reason what is broken, with what was seen
 * @param advice what to do about it
 */
record GpuVerdict(String summary, String reason, String advice) {

  /** The oldest and newest major compute capability that libtorch 2.3.1 has device code for. */
  private static final int OLDEST = 5;

  private static final int NEWEST = 9;

  /** Null when nothing is broken. */
  static @Nullable GpuVerdict of(
      Machine machine, NativeProbe natives, CudaProbe cuda, EngineProbe engine) {
    GpuVerdict before = beforeLoading(machine, natives, cuda);
    if (before != null) {
      return before;
    }
    if (engine.engine() == null) {
      return new GpuVerdict(
          "libtorch is not loaded",
          "the engine is not loaded: " + engine.failure(),
          "see the errors above");
    }
    return engine.hasCuda()
        ? null
        : new GpuVerdict(
            "libtorch is built without CUDA",
            "libtorch from " + engine.engine().folder() + " is built without CUDA",
            FlavorSwitch.advice(machine));
  }

  /** As far as it shows before the engine is loaded; null when nothing does. */
  static @Nullable GpuVerdict beforeLoading(Machine machine, NativeProbe natives, CudaProbe cuda) {
    Platform platform = Platform.of(machine);
    if (!platform.isLinux() && !platform.isWindows()) {
      return new GpuVerdict(
          "no CUDA on this system",
          "there is no CUDA for " + platform.os(),
          "train on Linux or Windows");
    }
    if (!cuda.driver().found()) {
      return DriverVerdict.missing(machine, natives, cuda.driver());
    }
    if (!natives.isCuda()) {
      return flavor(machine, natives);
    }
    if (!cuda.driver().supports(natives.cudaVersion())) {
      return DriverVerdict.tooOld(natives, cuda.driver());
    }
    if (cuda.count() == 0) {
      return cuda.runtimeVersion() == 0 ? runtime(cuda.runtime()) : noDevice(machine, cuda);
    }
    return usable(natives, cuda);
  }

  /** Why one GPU has no part in it, whatever the others do; null when it can train. */
  static @Nullable GpuVerdict ofDevice(NativeProbe natives, Gpu gpu) {
    if (natives.arch() != 0 && !gpu.runs(natives.arch())) {
      return deviceCode(
          gpu,
          "this native was pruned to " + CudaProbe.version(natives.arch()),
          "take a bundle made for this GPU: ./runner bundle --cuda --arch "
              + gpu.computeCapability()
              + " --out DIR, or without --arch for all");
    }
    return gpu.major() < OLDEST || gpu.major() > NEWEST
        ? deviceCode(gpu, "libtorch 2.3.1 has device code for 5.0 to 9.0 only", "use another GPU")
        : null;
  }

  /** Both as sentences. */
  String explanation() {
    return reason + ". To use it: " + advice + ".";
  }

  private static GpuVerdict flavor(Machine machine, NativeProbe natives) {
    return natives.flavor() == null
        ? new GpuVerdict(
            "no CUDA native",
            "no CUDA native in effect, see " + NativeProbe.TOPIC,
            FlavorSwitch.advice(machine))
        : new GpuVerdict(
            "the native is for the CPU",
            "there is an NVIDIA driver, but the native is for the CPU (" + natives.flavor() + ")",
            FlavorSwitch.advice(machine));
  }

  private static GpuVerdict runtime(CudaRuntime runtime) {
    String reason =
        "DJL counts GPUs through a CUDA runtime named cudart, and finds none under that name";
    if (runtime.outOfReach().isEmpty()) {
      return new GpuVerdict(
          "no CUDA runtime",
          reason,
          "put a link libcudart.so to a CUDA 12.1 runtime (PyTorch's libcudart-*.so.12 will do)"
              + " into a folder, and name the folder in LD_LIBRARY_PATH");
    }
    return new GpuVerdict(
        "no CUDA runtime in reach",
        reason + "; " + runtime.outOfReach().get(0) + " is out of its reach",
        "a folder that LD_LIBRARY_PATH names must hold it, or a link to it, as libcudart.so");
  }

  private static GpuVerdict noDevice(Machine machine, CudaProbe cuda) {
    String visible = machine.env("CUDA_VISIBLE_DEVICES");
    String reason = "CUDA counts no GPU, with driver and runtime in place";
    if (visible != null) {
      return new GpuVerdict(
          "CUDA_VISIBLE_DEVICES is '" + visible + "'",
          reason + "; CUDA_VISIBLE_DEVICES is '" + visible + "'",
          "unset CUDA_VISIBLE_DEVICES");
    }
    String answer = cuda.failure() == null ? "" : ": " + cuda.failure();
    return new GpuVerdict(
        "CUDA counts no GPU",
        reason + " (" + cuda.driver().describe() + "; runtime " + cuda.versionText() + ")" + answer,
        "see whether nvidia-smi lists a GPU; if so, the driver may be too old for this runtime:"
            + " CUDA 12.1 takes driver 525 or newer");
  }

  /** One GPU that fits is enough. */
  private static @Nullable GpuVerdict usable(NativeProbe natives, CudaProbe cuda) {
    if (natives.jar() != null && natives.cudaVersion() > cuda.runtimeVersion()) {
      return new GpuVerdict(
          "the CUDA runtime is older than the native",
          "the CUDA runtime found is %s, older than the native %s, so DJL ignores the native"
              .formatted(cuda.versionText(), natives.flavor()),
          "take that runtime out of LD_LIBRARY_PATH, or put a newer one before it");
    }
    GpuVerdict first = null;
    for (Gpu gpu : cuda.gpus()) {
      GpuVerdict verdict = ofDevice(natives, gpu);
      if (verdict == null) {
        return null;
      }
      first = first == null ? verdict : first;
    }
    return first;
  }

  private static GpuVerdict deviceCode(Gpu gpu, String holds, String advice) {
    return new GpuVerdict(
        "no device code for compute capability " + gpu.capability(), gpu + ": " + holds, advice);
  }
}
