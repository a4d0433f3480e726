package org.djlrunner.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** How an engine writes its model to one file. */
public interface CheckpointCodec {
  /** The file name's ending, without a dot, such as {@code safetensors}. */
  String extension();

  /**
   * Writes the present state whole to a new file; the caller makes the write atomic.
   *
   * @param file where to write; does not exist yet
   * @param meta the run's state and description as JSON-like data: text, numbers, booleans, null,
   *     lists and maps
   * @throws IOException if the file can't be written
   */
  void write(Path file, Map<String, ?> meta) throws IOException;
}
