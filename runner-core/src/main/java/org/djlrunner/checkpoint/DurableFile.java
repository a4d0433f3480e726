package org.djlrunner.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that is written under a temporary name, flushed to the disk and renamed, so that it is
 * either whole or what it was before, also after a power cut.
 */
final class DurableFile {
  /** {@code .NAME.PROCESS.checkpoint-tmp}; nobody else's files are called so. */
  private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.(\\d+)\\.checkpoint-tmp");

  private static final Set<Path> BEING_WRITTEN = ConcurrentHashMap.newKeySet();

  private DurableFile() {}

  /**
   * Replaces a file, or creates it.
   *
   * @throws FailedWrite if the writer fails; the file is what it was, and nothing else is left
   */
  static void replace(Path folder, String name, CheckpointStore.Writer writer) throws IOException {
    Path file = folder.resolve(name);
    Path temporary =
        folder.resolve("." + name + "." + ProcessHandle.current().pid() + ".checkpoint-tmp");
    BEING_WRITTEN.add(temporary);
    try {
      Files.deleteIfExists(temporary);
      write(file, temporary, writer);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
      BEING_WRITTEN.remove(temporary);
    }
    flushFolder(folder);
  }

  private static void write(Path file, Path temporary, CheckpointStore.Writer writer)
      throws FailedWrite {
    try {
      writer.writeTo(temporary);
      flush(temporary, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new FailedWrite(file, sizeOf(temporary), e);
    }
  }

  /** Removes what processes that are no more left behind in a folder. */
  static void removeAbandoned(Path folder) throws IOException {
    try (DirectoryStream<Path> hidden = Files.newDirectoryStream(folder, ".*.checkpoint-tmp")) {
      for (Path path : hidden) {
        if (isAbandoned(path)) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  private static boolean isAbandoned(Path path) {
    Matcher name = TEMPORARY.matcher(path.getFileName().toString());
    if (!name.matches() || BEING_WRITTEN.contains(path)) {
      return false;
    }
    try {
      long process = Long.parseLong(name.group(1));
      return process == ProcessHandle.current().pid()
          || ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static long sizeOf(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  private static void flushFolder(Path folder) throws IOException {
    // Only then does the rename survive a power cut; Windows can't open folders and needs no flush.
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      flush(folder, StandardOpenOption.READ);
    }
  }

  private static void flush(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }
}
