package org.djlrunner.djl.profile;

import ai.djl.engine.Engine;
import com.sun.jna.NativeLibrary;
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

  /** What the names of the profiler's functions begin with. */
  static final String NAMESPACE = "_ZN5torch8autograd8profiler";

  /** {@code bool profilerEnabled()}, on this thread, whoever began it. */
  private static final String ENABLED = "_ZN5torch8profiler4impl15profilerEnabledEv";

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
   * @throws java.io.IOException if the trace can't be written
   */
  public static void record(Path trace, Work work) throws Exception {
    TorchRecording recording = prepare(ProfileOptions.DEFAULT);
    boolean done = false;
    try {
      Files.deleteIfExists(trace);
      recording.start();
      work.run();
      done = true;
    } finally {
      if (!done) {
        recording.discard();
      }
    }
    recording.stop(trace);
  }

  /**
   * Prepares a recording, which can take a while where there is a GPU; nothing is recorded yet.
   *
   * @throws IllegalStateException if there is a recording already, also one of DJL's on this thread
   * @throws UnsupportedOperationException if this isn't libtorch 2.3.1 for Linux on x86-64
   */
  public static TorchRecording prepare(ProfileOptions options) {
    NativeLibrary torch = library();
    // libtorch would throw here, which from C++ into Java ends the process.
    boolean others = (torch.getFunction(ENABLED).invokeInt(new Object[0]) & 0xff) != 0;
    if (others || RECORDING.getAndSet(true)) {
      throw new IllegalStateException("a profiler is recording already; one at a time");
    }
    boolean prepared = false;
    try {
      TorchRecording recording = new TorchRecording(torch, options);
      prepared = true;
      return recording;
    } finally {
      if (!prepared) {
        ended();
      }
    }
  }

  /**
   * Does nothing where there can be recordings.
   *
   * @throws UnsupportedOperationException if this isn't libtorch 2.3.1 for Linux on x86-64
   */
  public static void requireSupported() {
    library();
  }

  /** Lets others record. */
  static void ended() {
    RECORDING.set(false);
  }

  /** The library that DJL has loaded; its symbols are visible through its path only. */
  private static NativeLibrary library() {
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
    String path =
        LoadedLibraries.find("libtorch_cpu.so")
            .orElseThrow(
                () -> new UnsupportedOperationException("no libtorch_cpu.so is loaded here"));
    return NativeLibrary.getInstance(path);
  }
}
