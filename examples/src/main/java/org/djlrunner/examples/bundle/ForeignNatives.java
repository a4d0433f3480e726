package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Native libraries of other systems in a bundle's jars, which are left out: OpenCV's jar carries
 * seven systems' in 105 MiB, of which a bundle can use one.
 */
final class ForeignNatives {
  private static final List<String> OTHER_KINDS = List.of(".dll", ".dylib", ".jnilib", ".a");
  private static final List<String> OTHER_SYSTEMS = List.of("bsd", "sunos", "android");
  private static final List<String> THIS_MACHINE = List.of("x86_64", "x86-64", "amd64");

  private ForeignNatives() {}

  /** Deletes them from a jar, whose other entries stay as they are packed. */
  static void dropFrom(Path jar) throws IOException {
    if (!jar.toFile().setWritable(true)) {
      throw new IOException(jar + " can't be made writable");
    }
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      for (Path root : files.getRootDirectories()) {
        List<Path> foreign;
        try (Stream<Path> entries = Files.walk(root)) {
          foreign = entries.filter(entry -> isForeign(entry.toString())).toList();
        }
        for (Path entry : foreign) {
          Files.delete(entry);
        }
      }
    }
  }

  /** Whether an entry is a library, and by its path not one for Linux on x86-64. */
  private static boolean isForeign(String entry) {
    String name = entry.toLowerCase(Locale.ROOT);
    return OTHER_KINDS.stream().anyMatch(name::endsWith)
        || (name.endsWith(".so")
            && (THIS_MACHINE.stream().noneMatch(name::contains)
                || OTHER_SYSTEMS.stream().anyMatch(name::contains)));
  }
}
