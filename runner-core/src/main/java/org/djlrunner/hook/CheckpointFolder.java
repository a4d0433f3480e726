package org.djlrunner.hook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a run's checkpoints go. */
final class CheckpointFolder {
  private CheckpointFolder() {}

  /**
   * The work folder, or in another folder one that is named as the work folder; there when this
   * returns.
   *
   * @param outDir the other folder; the work folder itself counts as none
   */
  static Path create(HookContext context, Optional<Path> outDir) {
    Path workDir =
        context
            .workDir()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "CheckpointHook needs a work folder; give the runner's builder one"));
    Path own = of(workDir, outDir);
    if (own.equals(workDir)) {
      return workDir;
    }
    try {
      return Files.createDirectories(own);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot create the folder " + own + " for checkpoints; give another out_dir", e);
    }
  }

  /** The same, whether it is there or not. */
  static Path of(Path workDir, Optional<Path> outDir) {
    return outDir.isEmpty() || isSame(outDir.get(), workDir)
        ? workDir
        : outDir.get().resolve(absolute(workDir).getFileName().toString());
  }

  /** Whether two paths lead to the same place. */
  static boolean isSame(Path one, Path other) {
    return absolute(one).equals(absolute(other));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
