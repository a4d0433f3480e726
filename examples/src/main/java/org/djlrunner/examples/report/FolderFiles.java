package org.djlrunner.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files of a folder by the ends of their names, without hidden ones. */
final class FolderFiles {
  private FolderFiles() {}

  /** The files in the order of their names; none if there is no such folder. */
  static List<Path> ending(Path folder, String... endings) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !name(file).startsWith("."))
          .filter(file -> Stream.of(endings).anyMatch(name(file)::endsWith))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
