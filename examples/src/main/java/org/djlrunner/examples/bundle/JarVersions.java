package org.djlrunner.examples.bundle;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Versions, as the names of jars tell them. */
final class JarVersions {

  private JarVersions() {}

  /**
   * {@code 0.29.0} for {@code api} among jars with {@code api-0.29.0.jar}.
   *
   * @throws BundleException if there is no such jar
   */
  static String of(String artifact, List<Path> jars) {
    return jars.stream()
        .map(jar -> Objects.toString(jar.getFileName()))
        .filter(name -> name.matches(artifact + "-\\d.*\\.jar"))
        .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
        .findFirst()
        .orElseThrow(
            () ->
                new BundleException(
                    "no "
                        + artifact
                        + "-*.jar on the class path; make bundles with ./runner bundle"));
  }
}
