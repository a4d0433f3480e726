package org.djlrunner.examples.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A work folder that a test writes, with as little in it as the test is about. */
final class HandWrittenRun {
  private final Path folder;

  /** A work folder that is made with its first file. */
  HandWrittenRun(Path folder) {
    this.folder = folder;
  }

  /** The folder. */
  Path folder() {
    return folder;
  }

  /** Writes a file from lines. */
  HandWrittenRun file(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
    return this;
  }

  /** A line of a JSON log about training. */
  static String train(int epoch, int iter, String values) {
    return String.format(
        "{\"mode\": \"train\", \"epoch\": %d, \"iter\": %d, %s}", epoch, iter, values);
  }

  /** A line of a JSON log about validation, with eight batches. */
  static String val(int epoch, int step, String values) {
    return String.format(
        "{\"mode\": \"val\", \"epoch\": %d, \"iter\": 8, \"step\": %d, %s}", epoch, step, values);
  }
}
