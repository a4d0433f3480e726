package org.djlrunner.djl.experiment;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;

/** The folder of a run's files, checked before anything is worth losing. */
final class WorkDir {
  private WorkDir() {}

  /**
   * Creates the folder and writes the config into it, as it takes effect.
   *
   * @throws ConfigException if the folder can't be made or written
   */
  static void prepare(Path folder, Config config, String configName) {
    try {
      Files.createDirectories(folder);
      Path temporary = folder.resolve("." + configName + ".tmp");
      Files.writeString(temporary, config.toYaml());
      Files.move(
          temporary,
          folder.resolve(configName),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      ConfigErrors errors = new ConfigErrors();
      errors.add(
          "work_dir",
          null,
          "cannot write to "
              + folder.toAbsolutePath()
              + " ("
              + reason(e)
              + "); choose another folder with --work-dir");
      errors.throwIfAny();
    }
  }

  /** What went wrong, in words; the path stands in the message already. */
  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason().toLowerCase(Locale.ROOT);
    }
    return "the system refuses to create it";
  }
}
