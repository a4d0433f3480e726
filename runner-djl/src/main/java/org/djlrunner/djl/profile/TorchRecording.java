package org.djlrunner.djl.profile;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A recording under way: prepared, then started, then stopped or discarded, all on one thread.
 *
 * <p>It holds what that thread does, and the backward passes that it starts. Whatever happens it
 * must be stopped or discarded, since the process has no more than one at a time.
 */
public final class TorchRecording {
  /** {@code enableProfiler}, as {@link #PREPARE} with a set of scopes. */
  private static final String ENABLE =
      TorchProfiler.NAMESPACE
          + "14enableProfilerERKNS_8profiler4impl14ProfilerConfigERKSt3setINS3_12ActivityTypeE"
          + "St4lessIS8_ESaIS8_EERKSt13unordered_setIN2at11RecordScopeESt4hashISH_ESt8equal_toISH_E"
          + "SaISH_EE";

  /** {@code prepareProfiler(const ProfilerConfig&, const std::set<ActivityType>&)}. */
  private static final String PREPARE =
      TorchProfiler.NAMESPACE
          + "15prepareProfilerERKNS_8profiler4impl14ProfilerConfigERKSt3setINS3_12ActivityTypeE"
          + "St4lessIS8_ESaIS8_EE";

  private static final String DISABLE = TorchProfiler.NAMESPACE + "15disableProfilerEv";
  private static final String SAVE =
      TorchProfiler.NAMESPACE
          + "14ProfilerResult4saveERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
  private static final String DESTROY = TorchProfiler.NAMESPACE + "14ProfilerResultD1Ev";

  private final NativeLibrary torch;
  private final CxxArguments arguments;
  private boolean started;
  private boolean ended;

  /** Prepares one; the caller has seen to it that there is no other. */
  TorchRecording(NativeLibrary torch, ProfileOptions options) {
    this.torch = torch;
    this.arguments = new CxxArguments(torch, options);
    torch
        .getFunction(PREPARE)
        .invokeVoid(new Object[] {arguments.config(), arguments.activities()});
  }

  /** Whether what happens is being recorded. */
  public boolean isStarted() {
    return started;
  }

  /** Records from here on. */
  public void start() {
    if (started || ended) {
      throw new IllegalStateException("a recording starts once");
    }
    torch
        .getFunction(ENABLE)
        .invokeVoid(
            new Object[] {arguments.config(), arguments.activities(), arguments.anyScope()});
    started = true;
  }

  /**
   * Ends it and writes what was recorded.
   *
   * @param trace the file to write, replaced if it is there
   * @throws IOException if it can't be written
   * @throws IllegalStateException if it wasn't started
   */
  public void stop(Path trace) throws IOException {
    if (!started || ended) {
      throw new IllegalStateException("only a recording that was started can be stopped");
    }
    Path file = trace.toAbsolutePath();
    Files.deleteIfExists(file);
    end(file.toString());
    if (!Files.isRegularFile(file)) {
      throw new IOException("libtorch wrote no trace to " + file + "; is its folder writable?");
    }
  }

  /** Ends it and keeps nothing; does nothing if it has ended. */
  public void discard() {
    if (!ended) {
      if (!started) {
        start();
      }
      end("");
    }
  }

  private void end(String file) {
    ended = true;
    try {
      // Returns a unique_ptr, so the caller hands in the place for it.
      Memory result = new Memory(Native.POINTER_SIZE);
      torch.getFunction(DISABLE).invokeVoid(new Object[] {result});
      Pointer events = result.getPointer(0);
      if (!file.isEmpty()) {
        torch.getFunction(SAVE).invokeVoid(new Object[] {events, arguments.text(file)});
      }
      torch.getFunction(DESTROY).invokeVoid(new Object[] {events});
      Native.free(Pointer.nativeValue(events));
    } finally {
      TorchProfiler.ended();
    }
  }
}
