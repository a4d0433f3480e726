package org.djlrunner.checkpoint;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that can't be saved or gone on from; the message says which, why, and what to do.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A checkpoint that doesn't serve. */
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A file that a run can't go on from. */
  public static CheckpointException cannotResume(Path file, Throwable cause) {
    String reason = String.valueOf(cause.getMessage());
    String name = file.toString();
    return new CheckpointException(
        "cannot resume from " + (reason.contains(name) ? reason : name + ": " + reason), cause);
  }
}
