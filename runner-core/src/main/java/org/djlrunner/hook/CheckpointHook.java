package org.djlrunner.hook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Scope;

/**
 * Saves checkpoints at an interval and at the end: {@code epoch_N} or {@code iter_N}, N counting
 * from 1, in the work folder.
 *
 * <p>It runs behind evaluation, so a checkpoint holds the score of its own epoch. The counters it
 * stores are those of the work it contains: {@code epoch} finished epochs, {@code iter} finished
 * iterations.
 */
public final class CheckpointHook implements Hook {
  private final Every interval;
  private final boolean saveLast;
  private int savedIter;

  /**
   * A hook that saves.
   *
   * @param interval when; a count of 0 or less leaves only the last
   * @param saveLast whether to save at the end of the run too, where the interval would not; an end
   *     within an epoch is saved as {@code iter_N}
   */
  public CheckpointHook(Every interval, boolean saveLast) {
    this.interval = interval;
    this.saveLast = saveLast;
  }

  /** Saves at an interval and at the end. */
  public CheckpointHook(Every interval) {
    this(interval, true);
  }

  /** When it saves. */
  public Every interval() {
    return interval;
  }

  @Override
  public void beforeRun(HookContext context) {
    codec(context);
    workDir(context);
    savedIter = context.progress().iter();
  }

  @Override
  public void afterTrainIter(HookContext context) {
    Progress progress = context.progress();
    if (interval.unit() == Every.Unit.ITER && interval.isDue(progress)) {
      context.atBoundary(() -> save(context, "iter_" + context.progress().iter()));
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    Progress progress = context.progress();
    boolean last = saveLast && progress.passComplete() && progress.isLast(Every.Unit.EPOCH);
    if (interval.unit() == Every.Unit.EPOCH && (interval.isDue(progress) || last)) {
      context.atBoundary(() -> save(context, "epoch_" + context.progress().epoch()));
    }
  }

  /** Saves what the interval left out: the end of the run, also one that was asked for. */
  @Override
  public void afterRun(HookContext context) {
    context.atBoundary(
        () -> {
          int finished = context.progress().iter();
          if (saveLast && context.failure().isEmpty() && finished != savedIter) {
            save(context, "iter_" + finished);
          }
        });
  }

  @Override
  public Priority priority() {
    return Priority.VERY_LOW;
  }

  private void save(HookContext context, String stem) {
    String name = stem + "." + codec(context).extension();
    try (Scope weights = context.evaluationWeights().enter();
        CheckpointCodec.Capture capture = codec(context).capture(context.optimizers())) {
      Map<String, Object> meta = context.checkpointMeta();
      Path file =
          new CheckpointStore(workDir(context)).save(name, path -> capture.write(path, meta));
      savedIter = context.progress().iter();
      context.logs().note("Saved " + file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot save the checkpoint " + workDir(context).resolve(name), e);
    }
  }

  private static CheckpointCodec codec(HookContext context) {
    return context
        .checkpointCodec()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "CheckpointHook needs a checkpoint codec; give the runner's builder one"));
  }

  private static Path workDir(HookContext context) {
    return context
        .workDir()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "CheckpointHook needs a work folder; give the runner's builder one"));
  }
}
