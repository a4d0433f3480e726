package org.djlrunner.djl.profile;

import ai.djl.engine.Engine;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * libtorch's own profiler: operations, and on a GPU also kernels, copies and calls of the CUDA
 * runtime.
 *
 * <p>The trace is in Chrome's format, as PyTorch's {@code export_chrome_trace} writes it; {@code
 * chrome://tracing} and Perfetto show it. {@code JniUtils.startProfile} of DJL 0.29 knows
 * operations only, no kernel and no copy, so this calls the C++ functions that PyTorch's profiler
 * in Python calls, by their symbols. They are those of libtorch 2.3.1 for Linux on x86-64; with
 * another one nothing is called.
 */
public final class TorchProfiler {
  private static final String VERSION = "2.3.1";
  private static final String PROFILER = "_ZN5torch8autograd8profiler";

  /** {@code prepareProfiler(const ProfilerConfig&, const std::set<ActivityType>&)}. */
  private static final String PREPARE =
      PROFILER
          + "15prepareProfilerERKNS_8profiler4impl14ProfilerConfigERKSt3setINS3_12ActivityTypeE"
          + "St4lessIS8_ESaIS8_EE";

  /** {@code enableProfiler}, the same with a {@code std::unordered_set<at::RecordScope>}. */
  private static final String ENABLE =
      PROFILER
          + "14enableProfilerERKNS_8profiler4impl14ProfilerConfigERKSt3setINS3_12ActivityTypeE"
          + "St4lessIS8_ESaIS8_EERKSt13unordered_setIN2at11RecordScopeESt4hashISH_ESt8equal_toISH_E"
          + "SaISH_EE";

  /** {@code bool profilerEnabled()}, on this thread, whoever began it. */
  private static final String ENABLED = "_ZN5torch8profiler4impl15profilerEnabledEv";

  private static final String DISABLE = PROFILER + "15disableProfilerEv";
  private static final String SAVE =
      PROFILER + "14ProfilerResult4saveERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
  private static final String DESTROY = PROFILER + "14ProfilerResultD1Ev";

  private static final AtomicBoolean RECORDING = new AtomicBoolean();

  private TorchProfiler() {}

  /** What is recorded. */
  @FunctionalInterface
  public interface Work {
    /** Does it, on the thread that called. */
    void run() throws Exception;
  }

  /**
   * Runs some work and writes what libtorch did meanwhile, for this thread and the backward passes
   * that it starts.
   *
   * <p>Kernels that are still under way at the end are left out, so let the work end with a read of
   * the device. Recording slows the host down by some microseconds an operation.
   *
   * @param trace the file to write, replaced if it is there
   * @throws IllegalStateException if a recording is under way, also one of DJL's on this thread
   * @throws UnsupportedOperationException if this isn't libtorch 2.3.1 for Linux on x86-64
   * @throws IOException if the trace can't be written
   */
  public static void record(Path trace, Work work) throws Exception {
    NativeLibrary torch = library();
    // libtorch would throw here, which from C++ into Java ends the process.
    boolean others = (torch.getFunction(ENABLED).invokeInt(new Object[0]) & 0xff) != 0;
    if (others || RECORDING.getAndSet(true)) {
      throw new IllegalStateException("a profiler is recording already; one at a time");
    }
    try {
      record(torch, trace.toAbsolutePath(), work);
    } finally {
      RECORDING.set(false);
    }
  }

  private static void record(NativeLibrary torch, Path file, Work work) throws Exception {
    CxxArguments arguments = new CxxArguments(torch);
    Files.deleteIfExists(file);
    torch
        .getFunction(PREPARE)
        .invokeVoid(new Object[] {arguments.config(), arguments.activities()});
    torch
        .getFunction(ENABLE)
        .invokeVoid(
            new Object[] {arguments.config(), arguments.activities(), arguments.anyScope()});
    boolean done = false;
    try {
      work.run();
      done = true;
    } finally {
      // Returns a unique_ptr, so the caller hands in the place for it.
      Memory result = new Memory(Native.POINTER_SIZE);
      torch.getFunction(DISABLE).invokeVoid(new Object[] {result});
      Pointer events = result.getPointer(0);
      if (done) {
        torch.getFunction(SAVE).invokeVoid(new Object[] {events, arguments.text(file.toString())});
      }
      torch.getFunction(DESTROY).invokeVoid(new Object[] {events});
      Native.free(Pointer.nativeValue(events));
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("libtorch wrote no trace to " + file + "; is its folder writable?");
    }
  }

  /** The library that DJL has loaded; its symbols are visible through its path only. */
  private static NativeLibrary library() throws IOException {
    String version = Engine.getEngine("PyTorch").getVersion();
    String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    if (!version.equals(VERSION) || !system.equals("Linux on amd64")) {
      throw new UnsupportedOperationException(
          "profiling needs libtorch "
              + VERSION
              + " for Linux on amd64; found "
              + version
              + " for "
              + system);
    }
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      String path =
          maps.filter(line -> line.endsWith("/libtorch_cpu.so"))
              .map(line -> line.substring(line.indexOf('/')))
              .findFirst()
              .orElseThrow(
                  () -> new UnsupportedOperationException("no libtorch_cpu.so is loaded here"));
      return NativeLibrary.getInstance(path);
    }
  }
}
