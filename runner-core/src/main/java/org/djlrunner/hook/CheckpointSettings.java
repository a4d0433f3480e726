package org.djlrunner.hook;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.djlrunner.Every;
import org.djlrunner.checkpoint.CheckpointName;
import org.jspecify.annotations.Nullable;

/**
 * When a {@link CheckpointHook} saves, what, where, and for how long.
 *
 * @param interval when; a count of 0 or less leaves only the last
 * @param saveLast whether to save at the end of the run too, where the interval would not
 * @param saveOptimizer whether files hold the optimizers' states, which a run needs to go on
 * @param outDirOrNull a folder in which files go into a folder named as the work folder, null for
 *     the work folder itself
 * @param maxKeep how many files are kept, 0 or less for all
 * @param nameOrNull how files are named, null for {@code epoch_N} or {@code iter_N}
 * @param latest whether the text file {@code latest} names the newest file
 * @param meta what files hold besides what describes the run, which goes first
 * @param saveBestOrNull the best files that are kept besides, null for none
 * @param background whether files are written while training goes on; costs a copy of the state
 */
public record CheckpointSettings(
    Every interval,
    boolean saveLast,
    boolean saveOptimizer,
    @Nullable Path outDirOrNull,
    int maxKeep,
    @Nullable CheckpointName nameOrNull,
    boolean latest,
    Map<String, Object> meta,
    @Nullable SaveBest saveBestOrNull,
    boolean background) {
  /** Keeps a copy of the meta data. */
  public CheckpointSettings {
    meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
  }

  /** Saves at an interval and at the end, everything, in the work folder, for good. */
  public static CheckpointSettings at(Every interval) {
    return new CheckpointSettings(interval, true, true, null, 0, null, true, Map.of(), null, false);
  }

  /** Saves best files only. */
  public static CheckpointSettings onlyBest(SaveBest best) {
    return at(Every.never()).saveLast(false).saveBest(best);
  }

  /** Where files go instead of the work folder, if that is given. */
  public Optional<Path> outDir() {
    return Optional.ofNullable(outDirOrNull);
  }

  /** Where files of a run in this work folder go. */
  public Path folder(Path workDir) {
    return CheckpointFolder.of(workDir, outDir());
  }

  /** Which best files are kept, if any. */
  public Optional<SaveBest> saveBest() {
    return Optional.ofNullable(saveBestOrNull);
  }

  /** How files are named that were saved after a number of these units. */
  CheckpointName name(Every.Unit unit) {
    return nameOrNull != null && unit == interval.unit()
        ? nameOrNull
        : new CheckpointName(unit.word() + "_{}");
  }

  /** These settings, saving at the end too or not. */
  public CheckpointSettings saveLast(boolean last) {
    return with(draft -> draft.saveLast = last);
  }

  /** These settings, with the optimizers' states or without. */
  public CheckpointSettings saveOptimizer(boolean optimizers) {
    return with(draft -> draft.saveOptimizer = optimizers);
  }

  /** These settings with another folder. */
  public CheckpointSettings outDir(@Nullable Path folder) {
    return with(draft -> draft.outDirOrNull = folder);
  }

  /** These settings, keeping the newest {@code files}; 0 or less keeps all. */
  public CheckpointSettings maxKeep(int files) {
    return with(draft -> draft.maxKeep = files);
  }

  /** These settings with other names. */
  public CheckpointSettings name(@Nullable CheckpointName name) {
    return with(draft -> draft.nameOrNull = name);
  }

  /** These settings, with the text file {@code latest} or without. */
  public CheckpointSettings latest(boolean named) {
    return with(draft -> draft.latest = named);
  }

  /** These settings with JSON-like data that files hold besides. */
  public CheckpointSettings meta(Map<String, Object> besides) {
    return with(draft -> draft.meta = besides);
  }

  /** These settings with best files. */
  public CheckpointSettings saveBest(@Nullable SaveBest best) {
    return with(draft -> draft.saveBestOrNull = best);
  }

  /** These settings, writing while training goes on or not. */
  public CheckpointSettings background(boolean whileTraining) {
    return with(draft -> draft.background = whileTraining);
  }

  private CheckpointSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new CheckpointSettings(
        interval,
        draft.saveLast,
        draft.saveOptimizer,
        draft.outDirOrNull,
        draft.maxKeep,
        draft.nameOrNull,
        draft.latest,
        draft.meta,
        draft.saveBestOrNull,
        draft.background);
  }

  /** Settings that are about to differ in one point. */
  private static final class Draft {
    private boolean saveLast;
    private boolean saveOptimizer;
    private @Nullable Path outDirOrNull;
    private int maxKeep;
    private @Nullable CheckpointName nameOrNull;
    private boolean latest;
    private Map<String, Object> meta;
    private @Nullable SaveBest saveBestOrNull;
    private boolean background;

    Draft(CheckpointSettings settings) {
      saveLast = settings.saveLast;
      saveOptimizer = settings.saveOptimizer;
      outDirOrNull = settings.outDirOrNull;
      maxKeep = settings.maxKeep;
      nameOrNull = settings.nameOrNull;
      latest = settings.latest;
      meta = settings.meta;
      saveBestOrNull = settings.saveBestOrNull;
      background = settings.background;
    }
  }
}
