package org.djlrunner.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A folder of checkpoints in which every file is either whole or not there.
 *
 * <p>A file is written under a temporary name, flushed to the disk and renamed; then the text file
 * {@code latest} comes to name it. A crash at any point leaves the previous checkpoint and a {@code
 * latest} that is right.
 */
public final class CheckpointStore {
  /** The file that holds the newest complete checkpoint's name. */
  public static final String LATEST = "latest";

  private final Path folder;

  /** A store in a folder that exists. */
  public CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /** Writes a file's content to a path that doesn't exist yet. */
  @FunctionalInterface
  public interface Writer {
    /** Writes all of it. */
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes a checkpoint and makes it the latest.
   *
   * @param name the file's name, such as {@code epoch_1.safetensors}; replaced if it exists
   * @return the file
   * @throws IOException if it can't be written; the file is then what it was, or already the new
   *     one where only {@code latest} could not follow
   */
  public Path save(String name, Writer writer) throws IOException {
    Path file = replace(name, writer);
    replace(LATEST, path -> Files.writeString(path, name + "\n", StandardCharsets.UTF_8));
    return file;
  }

  private Path replace(String name, Writer writer) throws IOException {
    Path file = folder.resolve(name);
    Path temporary = folder.resolve("." + name + ".tmp");
    Files.deleteIfExists(temporary);
    try {
      writer.writeTo(temporary);
      flush(temporary, StandardOpenOption.WRITE);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    flushFolder();
    return file;
  }

  private void flushFolder() throws IOException {
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
