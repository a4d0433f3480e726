package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.djlrunner.djl.doctor.NativeLibraries;

/** The start script and its settings. */
final class BundleScripts {

  private BundleScripts() {}

  /**
   * Writes {@code runner} and {@code env.sh}.
   *
   * @param sources the repository's folder {@code bundle}
   */
  static void write(Path sources, NativeLibraries libraries, Path bundle) throws IOException {
    String version = libraries.version();
    String env =
        Files.readString(sources.resolve("env.sh"))
            .replace("@FLAVOR@", libraries.flavor())
            .replace("@VERSION@", version.substring(0, (version + "-").indexOf('-')))
            .replace("@SETTINGS@\n", Files.readString(sources.resolve("settings.sh")));
    Files.writeString(bundle.resolve("env.sh"), env);
    Path runner = bundle.resolve("runner");
    Files.copy(sources.resolve("start.sh"), runner);
    if (!runner.toFile().setExecutable(true, false)) {
      throw new IOException(runner + " can't be made executable");
    }
  }
}
