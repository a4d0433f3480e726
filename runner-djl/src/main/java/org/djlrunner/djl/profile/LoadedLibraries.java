package org.djlrunner.djl.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The native libraries that this process has loaded, on Linux. */
final class LoadedLibraries {
  private LoadedLibraries() {}

  /** The path of a library whose file name begins like this. */
  static Optional<String> find(String name) {
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.indexOf('/') >= 0)
          .map(line -> line.substring(line.indexOf('/')))
          .filter(path -> path.substring(path.lastIndexOf('/') + 1).startsWith(name))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("can't see which libraries are loaded", e);
    }
  }
}
