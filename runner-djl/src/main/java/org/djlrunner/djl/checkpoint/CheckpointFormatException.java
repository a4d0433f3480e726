package org.djlrunner.djl.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is no whole safetensors file, or holds what can't be read here; the message names the
 * file and the place.
 */
public final class CheckpointFormatException extends IOException {
  private static final long serialVersionUID = 1;

  CheckpointFormatException(Path file, String problem) {
    this(file, problem, null);
  }

  CheckpointFormatException(Path file, String problem, @Nullable Throwable cause) {
    super(file + " " + problem, cause);
  }
}
