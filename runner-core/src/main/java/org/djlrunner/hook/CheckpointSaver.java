package org.djlrunner.hook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.djlrunner.checkpoint.BackgroundWriter;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.checkpoint.CheckpointStore;
import org.djlrunner.checkpoint.KeptFile;
import org.djlrunner.checkpoint.SaveJob;
import org.djlrunner.spi.CheckpointCodec;
import org.djlrunner.spi.Scope;

/** Takes the state of a run and brings it to the disk, at once or while training goes on. */
final class CheckpointSaver {
  private final CheckpointSettings settings;
  private final CheckpointCodec codec;
  private final Path folder;
  private final BackgroundWriter writer = new BackgroundWriter();
  private final List<KeptFile> released = new ArrayList<>();
  private Predicate<KeptFile> forgotten;

  /**
   * A saver for one run.
   *
   * @param folder where files go; exists
   * @param forgotten entries of the folder's index that are another run's, whose files stay
   */
  CheckpointSaver(
      CheckpointSettings settings,
      CheckpointCodec codec,
      Path folder,
      Predicate<KeptFile> forgotten) {
    this.settings = settings;
    this.codec = codec;
    this.folder = folder;
    this.forgotten = forgotten;
  }

  Path folder() {
    return folder;
  }

  /** The ending of files. */
  String extension() {
    return codec.extension();
  }

  /** Gives files up, once the next save is safe on the disk; those in other folders stay. */
  void release(Collection<KeptFile> files) {
    files.stream()
        .filter(file -> CheckpointFolder.isSame(file.folder(), folder))
        .forEach(released::add);
  }

  /**
   * Saves; in the background it waits for the save before, if that isn't done.
   *
   * @param best best files to write
   * @param regular the checkpoint to write, if one is due
   * @throws CheckpointException if this save fails, or the one before in the background did
   */
  void save(HookContext context, List<KeptFile> best, Optional<KeptFile> regular) {
    await(context);
    Map<String, Object> meta = new LinkedHashMap<>(settings.meta());
    meta.putAll(context.checkpointMeta());
    SaveJob job =
        new SaveJob(
            new CheckpointStore(folder),
            capture(context),
            meta,
            best,
            regular,
            settings.latest(),
            List.copyOf(released),
            forgotten);
    released.clear();
    forgotten = entry -> false;
    if (settings.background()) {
      writer.start(job);
    } else {
      tell(context, job::call);
    }
  }

  /**
   * Waits for what is being written.
   *
   * @throws CheckpointException if that failed
   */
  void await(HookContext context) {
    tell(context, writer::await);
  }

  private CheckpointCodec.Capture capture(HookContext context) {
    try (Scope weights = context.evaluationWeights().enter()) {
      return codec.capture(settings.saveOptimizer() ? context.optimizers() : Map.of());
    }
  }

  private interface Work {
    List<String> sentences() throws IOException;
  }

  private static void tell(HookContext context, Work work) {
    try {
      work.sentences().forEach(context.logs()::note);
    } catch (IOException e) {
      throw new CheckpointException("cannot save a checkpoint: " + e.getMessage(), e);
    }
  }
}
