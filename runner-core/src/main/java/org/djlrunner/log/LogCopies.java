package org.djlrunner.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies a run's logs to another folder when all of them are closed.
 *
 * @param outDir the folder; they go below it, into a folder with the work folder's name
 * @param suffixes the ends of the names of the files to copy
 * @param keepLocal whether the files stay in the work folder too
 */
public record LogCopies(Path outDir, List<String> suffixes, boolean keepLocal) {
  /** MMCV's, where a config ends with .py, and what is a log or a config here. */
  public static final List<String> SUFFIXES =
      List.of(".log.json", ".log", ".csv", ".py", ".yaml", ".yml");

  /** Keeps its own copy. */
  public LogCopies {
    suffixes = List.copyOf(suffixes);
  }

  /**
   * Copies the files of a work folder, also those of folders within; what is there is replaced.
   *
   * @throws UncheckedIOException if a file can't be copied; those before it have been
   */
  public void of(Path workDir) {
    Path from = workDir.toAbsolutePath().normalize();
    Path to = outDir.toAbsolutePath().normalize().resolve(from.getFileName() + "");
    if (to.equals(from)) {
      return;
    }
    for (Path file : files(from, to)) {
      try {
        copy(file, to.resolve(from.relativize(file)));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot copy the log " + file + " to " + to, e);
      }
    }
  }

  private List<Path> files(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(to))
          .filter(file -> suffixes.stream().anyMatch(file.getFileName().toString()::endsWith))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for logs in " + from, e);
    }
  }

  /** Appears whole or not at all, and leaves the old place only then. */
  private void copy(Path file, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    if (!keepLocal) {
      Files.delete(file);
    }
  }
}
