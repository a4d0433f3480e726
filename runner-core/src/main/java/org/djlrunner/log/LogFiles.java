package org.djlrunner.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names for log files that no other run writes to. */
public final class LogFiles {
  private LogFiles() {}

  /**
   * Creates a file that was not there: {@code STEM.ENDING}, or {@code STEM_2.ENDING} and so on
   * where another run of the same second has taken the name.
   *
   * @throws UncheckedIOException if no file can be created in the folder
   */
  public static Path claim(Path folder, String stem, String ending) {
    int number = 1;
    while (true) {
      Path file = folder.resolve(number == 1 ? stem + ending : stem + "_" + number + ending);
      try {
        return Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        number++;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write the log " + file, e);
      }
    }
  }
}
