package org.djlrunner.examples.bundle;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle is made from, and what it shall hold.
 *
 * @param repository the folder with {@code examples/bundle/}, {@code examples/} and {@code
 *     benchmarks/}
 * @param classPath what the command line runs with, its native included; all jars
 * @param checksClassPath what the checks run with; null without them
 * @param jre whether a Java runtime goes with it
 * @param arch the only GPU generation to keep, such as 90; 0 for all
 */
public record BundleRequest(
    Path repository, String classPath, @Nullable String checksClassPath, boolean jre, int arch) {

  boolean checks() {
    return checksClassPath != null;
  }
}
