package org.djlrunner.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.djlrunner.spi.CheckpointCodec;

/**
 * One captured state on its way to the disk: its files, then {@code latest}, then the index, then
 * the deletion of files that are to go. Where it stops short, nothing older is missing.
 *
 * <p>It owns the capture, which it closes whatever happens.
 *
 * @param store where to write
 * @param capture the state
 * @param meta what describes it
 * @param best best files to write
 * @param regular the checkpoint to write after them, if one is due
 * @param latest whether {@code latest} comes to name it
 * @param released files to give up afterwards
 * @param forgotten entries of the index to drop, whose files stay
 */
public record SaveJob(
    CheckpointStore store,
    CheckpointCodec.Capture capture,
    Map<String, Object> meta,
    List<KeptFile> best,
    Optional<KeptFile> regular,
    boolean latest,
    List<KeptFile> released,
    Predicate<KeptFile> forgotten)
    implements Callable<List<String>> {
  /**
   * Does it.
   *
   * @return sentences about it, for people
   * @throws IOException if something can't be written; the message says what, why, and how much
   *     room there is
   */
  @Override
  public List<String> call() throws IOException {
    List<String> sentences = new ArrayList<>();
    List<KeptFile> written = new ArrayList<>();
    try (capture) {
      for (KeptFile file : best) {
        store.write(file.name(), path -> capture.write(path, meta));
        written.add(file);
        sentences.add(
            "Saved " + file.file() + ", " + file.reason() + " " + file.score().orElseThrow());
      }
      if (regular.isPresent()) {
        KeptFile file = regular.get();
        store.write(file.name(), path -> capture.write(path, meta));
        written.add(file);
        sentences.add("Saved " + file.file());
      }
    }
    if (regular.isPresent() && latest) {
      store.makeLatest(regular.get().name());
    }
    sentences.addAll(new CheckpointIndex(store.folder()).change(written, released, forgotten));
    return sentences;
  }
}
