package org.djlrunner.djl.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.jspecify.annotations.Nullable;

/**
 * Records the beginning of a run with libtorch's profiler and writes traces that browsers show.
 *
 * <p>An iteration is recorded from {@code before_train_iter} to {@code after_train_iter} at this
 * hook's place, so at the usual one its forward, backward and update; between two iterations of a
 * trace all that happens is recorded, validation too. Reading the traces takes {@code
 * chrome://tracing}, Perfetto, or TensorBoard's profiler plugin. A run that fails leaves no trace
 * of what was being recorded.
 */
public final class ProfilerHook implements Hook {
  private final ProfileSettings settings;
  private final Runnable awaitDevice;
  private @Nullable TorchRecording recording;
  private long step;
  private int epochs;
  private int rounds;
  private int first;
  private boolean done;

  /**
   * A hook that records.
   *
   * @param awaitDevice waits until the device has done what it was given, so that kernels under way
   *     are in the trace; does nothing on a CPU
   */
  public ProfilerHook(ProfileSettings settings, Runnable awaitDevice) {
    this.settings = settings;
    this.awaitDevice = awaitDevice;
  }

  /** What this hook was made with. */
  public ProfileSettings settings() {
    return settings;
  }

  @Override
  public void beforeRun(HookContext context) {
    step = 0;
    epochs = 0;
    rounds = 0;
    done = false;
    TorchProfiler.requireSupported();
    if (settings.files().needWorkDir() && context.workDir().isEmpty()) {
      throw new IllegalStateException(
          "ProfilerHook writes traces to the work folder; give the runner's builder a workDir");
    }
    Every window = settings.window();
    OptionalInt limit =
        window.unit() == Every.Unit.EPOCH
            ? context.progress().maxEpochs()
            : context.progress().maxIters();
    if (limit.isPresent() && window.count() > limit.getAsInt()) {
      throw new IllegalStateException(
          String.format(
              "ProfilerHook: profile_iters is %d %ss, but the run has %d",
              window.count(), window.unit().word(), limit.getAsInt()));
    }
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    ProfileSchedule.Action action =
        done ? ProfileSchedule.Action.NONE : settings.schedule().action(step);
    if (action == ProfileSchedule.Action.NONE) {
      return;
    }
    TorchRecording present = recording;
    if (present == null) {
      present = TorchProfiler.prepare(settings.options());
      recording = present;
    }
    if (action != ProfileSchedule.Action.WARMUP && !present.isStarted()) {
      first = context.progress().iter() + 1;
      present.start();
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (done) {
      return;
    }
    boolean last = settings.schedule().action(step) == ProfileSchedule.Action.RECORD_AND_SAVE;
    step++;
    if (last) {
      finish(context, context.progress().iter() + 1);
    }
    Every window = settings.window();
    if (window.unit() == Every.Unit.ITER && step == window.count()) {
      finish(context, context.progress().iter() + 1);
      done = true;
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    epochs++;
    Every window = settings.window();
    if (!done && window.unit() == Every.Unit.EPOCH && epochs == window.count()) {
      finish(context, context.progress().iter());
      done = true;
    }
  }

  /** A run that ends within the window has a trace of what there was. */
  @Override
  public void afterRun(HookContext context) {
    if (context.failure().isPresent()) {
      discard();
    } else {
      finish(context, context.progress().iter());
    }
    done = true;
  }

  private void discard() {
    TorchRecording present = recording;
    recording = null;
    if (present != null) {
      present.discard();
    }
  }

  /** Writes the trace, if something was recorded. */
  private void finish(HookContext context, int lastIter) {
    TorchRecording present = recording;
    if (present == null || !present.isStarted()) {
      discard();
      return;
    }
    recording = null;
    rounds++;
    String span = first == lastIter ? "" + first : first + "-" + lastIter;
    List<Path> files =
        settings
            .files()
            .of(
                context.workDir().orElse(Path.of("")),
                context.timestamp() + ".iter_" + span,
                rounds);
    try {
      awaitDevice.run();
      ProfileFiles.write(present, files);
      files.forEach(
          file ->
              context
                  .logs()
                  .note(
                      "Profile of iteration "
                          + span
                          + ": "
                          + file
                          + " (chrome://tracing and ui.perfetto.dev show it)"));
      if (settings.table()) {
        OperationTable.of(files.get(0)).forEach(context.logs()::note);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("ProfilerHook can't write its trace: " + e.getMessage(), e);
    } finally {
      present.discard();
    }
  }

  @Override
  public Priority priority() {
    return Priority.NORMAL;
  }
}
