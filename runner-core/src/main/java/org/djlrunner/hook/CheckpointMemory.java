package org.djlrunner.hook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.checkpoint.CheckpointIndex;
import org.djlrunner.checkpoint.KeptFile;

/**
 * What a checkpoint hook knows of files from before: from the state that a checkpoint kept, and
 * from the folder's index, which knows what became of them since.
 *
 * @param files as far as they are still there; best ones also in other folders, where nobody
 *     touches them
 * @param metrics the metrics that best files are kept by
 */
record CheckpointMemory(List<KeptFile> files, List<String> metrics) {
  private static final String FILES = "files";
  private static final String FOLDER = "folder";
  private static final String METRICS = "best_of";

  /** Knows of nothing. */
  static final CheckpointMemory NONE = new CheckpointMemory(List.of(), List.of());

  /** As JSON-like data. */
  Map<String, Object> toMap() {
    List<Object> entries = new ArrayList<>();
    for (KeptFile file : files) {
      Map<String, Object> entry = new LinkedHashMap<>(file.toMap());
      entry.put(FOLDER, file.folder().toAbsolutePath().normalize().toString());
      entries.add(entry);
    }
    Map<String, Object> state = new LinkedHashMap<>();
    state.put(FILES, entries);
    state.put(METRICS, metrics);
    return state;
  }

  /**
   * From JSON-like data.
   *
   * @throws IllegalArgumentException if it is none of a checkpoint hook
   */
  static CheckpointMemory of(Map<String, Object> state) {
    List<KeptFile> files = new ArrayList<>();
    for (Object entry : list(state, FILES)) {
      if (!(entry instanceof Map<?, ?> map) || !(map.get(FOLDER) instanceof String folder)) {
        throw new IllegalArgumentException(
            "the state of CheckpointHook lists a file without a folder: " + entry);
      }
      files.add(
          KeptFile.of(Path.of(folder), entry)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the state of CheckpointHook lists what is no file: " + entry)));
    }
    return new CheckpointMemory(files, list(state, METRICS).stream().map(String::valueOf).toList());
  }

  private static List<?> list(Map<String, Object> state, String key) {
    if (state.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(
        "the state of CheckpointHook needs a list '" + key + "', got " + state);
  }

  /** Adds what a folder's index lists, which comes first; files of it that are gone are dropped. */
  CheckpointMemory in(Path folder, HookContext context) {
    List<KeptFile> listed = List.of();
    try {
      listed = new CheckpointIndex(folder).read();
    } catch (IOException e) {
      context
          .logs()
          .note(
              "The checkpoints saved before can't be told from others, so none of them will be"
                  + " deleted: "
                  + e.getMessage());
    }
    List<KeptFile> remembered =
        files.stream()
            .filter(
                file ->
                    CheckpointFolder.isSame(file.folder(), folder)
                        ? Files.isRegularFile(file.file())
                        : file.score().isPresent())
            .toList();
    return new CheckpointMemory(
        Stream.concat(listed.stream(), remembered.stream()).toList(), metrics);
  }

  /** The files kept for one reason. */
  List<KeptFile> keptAs(String reason) {
    return files.stream().filter(file -> file.reason().equals(reason)).toList();
  }
}
