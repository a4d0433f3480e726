package org.djlrunner.hook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.spi.CheckpointCodec;

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

  /**
   * A hook that saves.
   *
   * @param interval when; a count of 0 or less leaves only the last
   * @param saveLast whether to save at the end of the run too, where the interval would not
   */
  public CheckpointHook(Every interval, boolean saveLast) {
    this.interval = interval;
    this.saveLast = saveLast;
  }

  /** Saves at an interval and at the end. */
  public CheckpointHook(Every interval) {
    this(interval, true);
  }

  @Override
  public void beforeRun(HookContext context) {
    codec(context);
    workDir(context);
  }

  @Override
  public void afterTrainIter(HookContext context) {
    if (interval.unit() == Every.Unit.ITER) {
      saveIfDue(context, context.progress().iter() + 1);
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    if (interval.unit() == Every.Unit.EPOCH) {
      saveIfDue(context, context.progress().iter());
    }
  }

  @Override
  public Priority priority() {
    return Priority.VERY_LOW;
  }

  private void saveIfDue(HookContext context, int finishedIters) {
    Progress progress = context.progress();
    boolean byEpoch = interval.unit() == Every.Unit.EPOCH;
    if (!interval.isDue(progress) && !(saveLast && progress.isLast(interval.unit()))) {
      return;
    }
    int number = byEpoch ? progress.epoch() + 1 : finishedIters;
    CheckpointCodec codec = codec(context);
    String name = interval.unit().word() + "_" + number + "." + codec.extension();
    Map<String, Object> meta = new LinkedHashMap<>(context.meta());
    meta.put("epoch", progress.passComplete() ? progress.epoch() + 1 : progress.epoch());
    meta.put("iter", finishedIters);
    meta.put("metrics", Map.copyOf(context.metrics()));
    try {
      Path file = new CheckpointStore(workDir(context)).save(name, path -> codec.write(path, meta));
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
