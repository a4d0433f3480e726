package org.djlrunner.djl.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the traces of a run go. Relative paths begin at the work folder.
 *
 * <p>Without a path a trace goes to {@code profile/TIMESTAMP.iter_FIRST-LAST.json}. A file appears
 * whole or not at all.
 *
 * @param json a file for the trace; those of later rounds have {@code -2}, {@code -3} ... before
 *     the ending
 * @param tensorBoard a folder for TensorBoard's profiler plugin
 */
public record ProfileFiles(Optional<Path> json, Optional<Path> tensorBoard) {
  private static final String PROFILE = "profile";

  /** A file for each trace in the folder {@code profile}. */
  public static final ProfileFiles DEFAULT = new ProfileFiles(Optional.empty(), Optional.empty());

  /**
   * The files of a trace, at least one.
   *
   * @param workDir the run's folder
   * @param name what tells the trace from others: {@code TIMESTAMP.iter_1-3}
   * @param round from 1
   */
  List<Path> of(Path workDir, String name, int round) {
    List<Path> files = new ArrayList<>();
    json.ifPresent(path -> files.add(numbered(workDir.resolve(path), round)));
    tensorBoard.ifPresent(
        folder -> files.add(workDir.resolve(folder).resolve(name + ".pt.trace.json")));
    if (files.isEmpty()) {
      files.add(workDir.resolve(PROFILE).resolve(name + ".json"));
    }
    return files;
  }

  /** Whether it takes a work folder to know the paths. */
  boolean needWorkDir() {
    return (json.isEmpty() && tensorBoard.isEmpty())
        || json.filter(path -> !path.isAbsolute()).isPresent()
        || tensorBoard.filter(path -> !path.isAbsolute()).isPresent();
  }

  /** Stops a recording and puts its trace into all files. */
  static void write(TorchRecording recording, List<Path> files) throws IOException {
    for (Path file : files) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    }
    Path first = part(files.get(0));
    recording.stop(first);
    for (Path other : files.subList(1, files.size())) {
      Files.copy(first, part(other), StandardCopyOption.REPLACE_EXISTING);
    }
    for (Path file : files) {
      Files.move(part(file), file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private static Path numbered(Path path, int round) {
    if (round == 1) {
      return path;
    }
    String name = String.valueOf(path.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return path.resolveSibling(stem + "-" + round + name.substring(stem.length()));
  }
}
