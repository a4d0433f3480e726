package org.djlrunner.hook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.checkpoint.KeptFile;
import org.djlrunner.checkpoint.Retention;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Stateful;
import org.jspecify.annotations.Nullable;

/**
 * Saves checkpoints at an interval, at the end and, if asked for, at the best results: {@code
 * epoch_N} or {@code iter_N}, N counting from 1, and {@code best_METRIC_epoch_N}.
 *
 * <p>It runs behind evaluation and saves at boundaries, so a checkpoint holds the score of its own
 * epoch and counters of the work finished. Of the files that it wrote, and of no others, it keeps
 * as many as the settings say; an old one goes once the new one is safe on the disk. Which ones
 * these are, and the best results so far, is its state.
 *
 * <p>A run that fails is saved too, as far as its state is whole, so that nothing is lost.
 *
 * <p>A file that can't be written ends the run; one that is written in the background does so at
 * the next save or at the end.
 */
public final class CheckpointHook implements Hook, Stateful {
  private static final Set<Stage> ONLY_FOR_BEST =
      Set.of(Stage.BEFORE_TRAIN_EPOCH, Stage.BEFORE_TRAIN_ITER, Stage.AFTER_VAL_EPOCH);

  private final CheckpointSettings settings;
  private @Nullable CheckpointMemory restored;
  private @Nullable CheckpointSaver saver;
  private Retention retention;
  private @Nullable BestWatch best;
  private String reason = "";
  private int savedIter;
  private int epochEnd;
  private Every.@Nullable Unit due;
  private Every.Unit stageOfResults = Every.Unit.ITER;
  private boolean scheduled;

  /** A hook that saves as the settings say. */
  public CheckpointHook(CheckpointSettings settings) {
    this.settings = settings;
    this.retention = new Retention(settings.maxKeep());
  }

  /**
   * A hook that saves everything and keeps it.
   *
   * @param interval when; a count of 0 or less leaves only the last
   * @param saveLast whether to save at the end of the run too, where the interval would not; an end
   *     within an epoch is saved as {@code iter_N}
   */
  public CheckpointHook(Every interval, boolean saveLast) {
    this(CheckpointSettings.at(interval).saveLast(saveLast));
  }

  /** Saves at an interval and at the end. */
  public CheckpointHook(Every interval) {
    this(interval, true);
  }

  /** When it saves. */
  public Every interval() {
    return settings.interval();
  }

  /** What this hook was made with. */
  public CheckpointSettings settings() {
    return settings;
  }

  /**
   * Saves at the next boundary, whatever the interval says; for hooks that find a reason of their
   * own. The file is named and kept as those of the interval are.
   */
  public void saveAtBoundary(HookContext context) {
    due = settings.interval().unit();
    schedule(context);
  }

  @Override
  public Map<String, Object> state() {
    if (restored != null) {
      return restored.toMap();
    }
    List<KeptFile> files = new ArrayList<>(retention.kept());
    if (best != null) {
      files.addAll(best.files());
    }
    return new CheckpointMemory(files, best == null ? List.of() : best.metrics()).toMap();
  }

  @Override
  public void restore(Map<String, Object> state) {
    restored = CheckpointMemory.of(state);
  }

  @Override
  public void beforeRun(HookContext context) {
    CheckpointCodec codec =
        context
            .checkpointCodec()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "CheckpointHook needs a checkpoint codec; give the runner's builder one"));
    Path folder = CheckpointFolder.create(context, settings.outDir());
    savedIter = context.progress().iter();
    epochEnd = -1;
    due = null;
    scheduled = false;
    begin(context, codec, folder);
  }

  /** Goes on with files of before, unless the run begins anew. */
  private void begin(HookContext context, CheckpointCodec codec, Path folder) {
    String place = placeAmongAlike(context);
    reason = "checkpoint" + place;
    String bestReasons = "best" + place + " ";
    boolean anew = restored == null && savedIter == 0;
    CheckpointMemory before = restored == null ? CheckpointMemory.NONE : restored;
    restored = null;
    if (anew && place.isEmpty()) {
      tellOfEarlier(context, codec, folder);
    }
    CheckpointMemory known = anew ? before : before.in(folder, context);
    saver =
        new CheckpointSaver(
            settings,
            codec,
            folder,
            file ->
                anew && (file.reason().equals(reason) || file.reason().startsWith(bestReasons)));
    retention = new Retention(settings.maxKeep());
    retention.goOn(known.keptAs(reason));
    best =
        settings
            .saveBest()
            .map(saved -> new BestWatch(saved, bestReasons, known, context))
            .orElse(null);
  }

  /** Says what an earlier run left, before its files are mixed with this one's. */
  private static void tellOfEarlier(HookContext context, CheckpointCodec codec, Path folder) {
    try {
      int files = new CheckpointStore(folder).files(codec).size();
      if (files > 0) {
        context
            .logs()
            .note(
                String.format(
                    "%s holds %d %s of an earlier run; those of the same names will be replaced,"
                        + " the others stay",
                    folder, files, files == 1 ? "checkpoint" : "checkpoints"));
      }
    } catch (IOException e) {
      throw new CheckpointException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Hooks that share a folder keep files each for itself. */
  private String placeAmongAlike(HookContext context) {
    int before = 0;
    for (Hook hook : context.hooks()) {
      if (hook == this) {
        break;
      }
      before += hook instanceof CheckpointHook ? 1 : 0;
    }
    return before == 0 ? "" : "#" + (before + 1);
  }

  @Override
  public void beforeTrainEpoch(HookContext context) {
    if (best != null) {
      best.overlook(context);
    }
  }

  @Override
  public void beforeTrainIter(HookContext context) {
    if (best != null) {
      best.overlook(context);
    }
  }

  @Override
  public void afterTrainIter(HookContext context) {
    look(context, Every.Unit.ITER);
    Every interval = settings.interval();
    if (interval.unit() == Every.Unit.ITER && interval.isDue(context.progress())) {
      saveAtBoundary(context);
    }
  }

  @Override
  public void afterTrainEpoch(HookContext context) {
    Progress progress = context.progress();
    if (progress.passComplete()) {
      epochEnd = progress.iter();
    }
    if (best != null) {
      best.requireReported(context);
    }
    look(context, progress.passComplete() ? Every.Unit.EPOCH : Every.Unit.ITER);
    Every interval = settings.interval();
    boolean last =
        settings.saveLast() && progress.passComplete() && progress.isLast(Every.Unit.EPOCH);
    if (interval.unit() == Every.Unit.EPOCH && (interval.isDue(progress) || last)) {
      saveAtBoundary(context);
    }
  }

  @Override
  public void afterValEpoch(HookContext context) {
    if (best != null) {
      best.requireReported(context);
      look(context, unitOfEnd(context.progress()));
    }
  }

  /**
   * Saves what the interval left out: the end of the run, also one that was asked for, or that
   * failed anywhere but within an update.
   */
  @Override
  public void afterRun(HookContext context) {
    CheckpointSaver open = saver;
    if (open == null) {
      return;
    }
    context.atBoundary(
        () -> {
          Progress progress = context.progress();
          if (settings.saveLast() && progress.iter() != savedIter) {
            due = unitOfEnd(progress);
            reach(context);
          }
          open.await(context);
        });
    open.await(context);
  }

  @Override
  public Priority priority() {
    return Priority.VERY_LOW;
  }

  @Override
  public Set<Stage> triggeredStages() {
    Set<Stage> stages = new TreeSet<>(OverriddenStages.of(getClass()));
    if (settings.saveBest().isEmpty()) {
      stages.removeAll(ONLY_FOR_BEST);
      boolean byEpoch = settings.interval().unit() == Every.Unit.EPOCH;
      stages.remove(byEpoch ? Stage.AFTER_TRAIN_ITER : Stage.AFTER_TRAIN_EPOCH);
    }
    return stages;
  }

  private void look(HookContext context, Every.Unit stage) {
    if (best != null && best.look(context)) {
      stageOfResults = stage;
      schedule(context);
    }
  }

  /** Epochs where this hook counts them and one has just ended, else iterations. */
  private Every.Unit unitOfEnd(Progress progress) {
    return settings.interval().unit() == Every.Unit.EPOCH && progress.iter() == epochEnd
        ? Every.Unit.EPOCH
        : Every.Unit.ITER;
  }

  private void schedule(HookContext context) {
    if (!scheduled) {
      scheduled = true;
      context.atBoundary(() -> reach(context));
    }
  }

  private void reach(HookContext context) {
    scheduled = false;
    Every.Unit unit = due;
    due = null;
    CheckpointSaver open = saver;
    if (open == null || !context.isWhole() || failedToSave(context)) {
      return; // What was at hand is not complete, or saving is what failed.
    }
    Progress progress = context.progress();
    List<KeptFile> bestNow = best == null ? List.of() : best.decide(open, stageOfResults, progress);
    Optional<KeptFile> regular = Optional.empty();
    if (unit != null) {
      KeptFile file = regular(open, unit, progress);
      open.release(retention.add(file));
      savedIter = progress.iter();
      regular = Optional.of(file);
    }
    if (!bestNow.isEmpty() || regular.isPresent()) {
      open.save(context, bestNow, regular);
    }
  }

  private static boolean failedToSave(HookContext context) {
    return context.failure().filter(CheckpointException.class::isInstance).isPresent();
  }

  private KeptFile regular(CheckpointSaver open, Every.Unit unit, Progress progress) {
    int count = unit == Every.Unit.EPOCH ? progress.epoch() : progress.iter();
    return new KeptFile(
        open.folder(),
        settings.name(unit).of(count) + "." + open.extension(),
        reason,
        OptionalDouble.empty(),
        progress.epoch(),
        progress.iter());
  }
}
