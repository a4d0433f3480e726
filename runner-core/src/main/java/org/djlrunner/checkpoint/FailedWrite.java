package org.djlrunner.checkpoint;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** A file could not be written; the message says how far it came and what there is room for. */
final class FailedWrite extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Explains a failure while the temporary file still lies there.
   *
   * @param file what was to be written
   * @param written bytes that were written before
   * @param cause what went wrong
   */
  FailedWrite(Path file, long written, IOException cause) {
    super(message(file, written, cause), cause);
  }

  private static String message(Path file, long written, IOException cause) {
    Path folder = file.toAbsolutePath().getParent();
    StringBuilder message =
        new StringBuilder("cannot write ")
            .append(file)
            .append(": ")
            .append(reason(cause))
            .append("; ")
            .append(bytes(written))
            .append(" were written, which are removed again");
    OptionalLong usual = sizeLikely(file);
    if (usual.isPresent()) {
      message.append("; about ").append(bytes(usual.getAsLong())).append(" are needed");
    }
    try {
      long free = Files.getFileStore(folder).getUsableSpace() + written;
      message.append("; ").append(bytes(free)).append(" are free there");
    } catch (IOException e) {
      message.append("; how much is free there can't be found out");
    }
    return message
        .append(". Earlier checkpoints are as they were. Make room, or save elsewhere (out_dir)")
        .append(" or fewer of them (max_keep_ckpts)")
        .toString();
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** The size of the largest file of the same kind in the folder. */
  private static OptionalLong sizeLikely(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(Math.max(0, name.lastIndexOf('.')));
    try (var siblings = Files.newDirectoryStream(file.toAbsolutePath().getParent())) {
      long largest = -1;
      for (Path sibling : siblings) {
        if (sibling.getFileName().toString().endsWith(ending)) {
          largest = Math.max(largest, Files.size(sibling));
        }
      }
      return largest < 0 ? OptionalLong.empty() : OptionalLong.of(largest);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static String bytes(long count) {
    if (count < 10_000) {
      return count + " bytes";
    }
    return String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }
}
