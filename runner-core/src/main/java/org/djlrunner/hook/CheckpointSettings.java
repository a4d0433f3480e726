package org.djlrunner.hook;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    return new CheckpointSettings(
        interval,
        last,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        latest,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings, with the optimizers' states or without. */
  public CheckpointSettings saveOptimizer(boolean optimizers) {
    return new CheckpointSettings(
        interval,
        saveLast,
        optimizers,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        latest,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings with another folder. */
  public CheckpointSettings outDir(@Nullable Path folder) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        folder,
        maxKeep,
        nameOrNull,
        latest,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings, keeping the newest {@code files}; 0 or less keeps all. */
  public CheckpointSettings maxKeep(int files) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        files,
        nameOrNull,
        latest,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings with other names. */
  public CheckpointSettings name(@Nullable CheckpointName name) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        name,
        latest,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings, with the text file {@code latest} or without. */
  public CheckpointSettings latest(boolean named) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        named,
        meta,
        saveBestOrNull,
        background);
  }

  /** These settings with JSON-like data that files hold besides. */
  public CheckpointSettings meta(Map<String, Object> besides) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        latest,
        besides,
        saveBestOrNull,
        background);
  }

  /** These settings with best files. */
  public CheckpointSettings saveBest(@Nullable SaveBest best) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        latest,
        meta,
        best,
        background);
  }

  /** These settings, writing while training goes on or not. */
  public CheckpointSettings background(boolean whileTraining) {
    return new CheckpointSettings(
        interval,
        saveLast,
        saveOptimizer,
        outDirOrNull,
        maxKeep,
        nameOrNull,
        latest,
        meta,
        saveBestOrNull,
        whileTraining);
  }
}
