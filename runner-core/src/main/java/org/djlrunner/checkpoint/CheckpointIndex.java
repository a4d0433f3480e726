package org.djlrunner.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The list of a folder's checkpoints that runs wrote and keep: {@code checkpoints.json}.
 *
 * <p>Only files in it are ever deleted, and only once no reason is left to keep them. It is
 * replaced as a whole, after the files that it comes to name are safe on the disk.
 */
public final class CheckpointIndex {
  /** The list's name in the folder. */
  public static final String FILE = "checkpoints.json";

  private static final String FILES = "files";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Several hooks of a run may share a folder, each with a thread that writes. */
  private static final Object LOCK = new Object();

  private final Path folder;

  /** The index of a folder, which needn't have one yet. */
  public CheckpointIndex(Path folder) {
    this.folder = folder;
  }

  /**
   * What is kept, in the order in which it was saved, without files that are gone.
   *
   * @throws IOException if there is an index that can't be read; the message says what is wrong
   */
  public List<KeptFile> read() throws IOException {
    Path file = folder.resolve(FILE);
    Map<String, Object> content;
    try {
      content = JSON.readValue(Files.readString(file), new TypeReference<Map<String, Object>>() {});
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no list of checkpoints: " + e.getOriginalMessage(), e);
    }
    List<KeptFile> kept = new ArrayList<>();
    if (content.get(FILES) instanceof List<?> files) {
      for (Object entry : files) {
        KeptFile.of(folder, entry).filter(KeptFile::exists).ifPresent(kept::add);
      }
    }
    return kept;
  }

  /**
   * Adds files that were written, and gives up others.
   *
   * @param added files that are safe on the disk
   * @param released files that one reason to keep is gone for; deleted if it was the last
   * @param forgotten entries to drop, whose files stay
   * @return what could not be deleted, and why
   * @throws IOException if the index can't be written
   */
  public List<String> change(
      Collection<KeptFile> added, Collection<KeptFile> released, Predicate<KeptFile> forgotten)
      throws IOException {
    synchronized (LOCK) {
      List<KeptFile> kept = new ArrayList<>(readOrStartAnew());
      kept.removeIf(forgotten);
      kept.removeIf(entry -> added.stream().anyMatch(entry::isSame));
      kept.addAll(added);
      kept.removeIf(entry -> released.stream().anyMatch(entry::isSame));
      List<String> problems = new ArrayList<>();
      for (KeptFile file : released) {
        if (kept.stream().noneMatch(entry -> entry.name().equals(file.name()))) {
          try {
            Files.deleteIfExists(folder.resolve(file.name()));
          } catch (IOException e) {
            problems.add("Cannot delete the old checkpoint " + file.file() + ": " + e);
          }
        }
      }
      write(kept);
      return problems;
    }
  }

  /** A list that can't be read is nobody's list: what it named is kept for good. */
  private List<KeptFile> readOrStartAnew() throws IOException {
    try {
      return read();
    } catch (IOException e) {
      if (e.getCause() instanceof JsonProcessingException) {
        return List.of();
      }
      throw e;
    }
  }

  private void write(List<KeptFile> kept) throws IOException {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put(FILES, kept.stream().map(KeptFile::toMap).toList());
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n";
    DurableFile.replace(folder, FILE, path -> Files.writeString(path, text));
  }
}
