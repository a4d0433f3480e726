package org.djlrunner.examples.bundle;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/**
 * The jars of a class path: those that a JVM needs, and those that only hold libraries.
 *
 * @param libraries all jars but the natives
 * @param natives the jars with libtorch and with DJL's JNI library
 */
record Jars(List<Path> libraries, List<Path> natives) {

  private static final List<String> NATIVE_MARKS =
      List.of("native/lib/pytorch.properties", "jnilib/pytorch.properties");

  /**
   * Sorts a class path.
   *
   * @throws BundleException if an entry is not a jar
   */
  static Jars of(String classPath) throws IOException {
    List<Path> libraries = new ArrayList<>();
    List<Path> natives = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (!Files.isRegularFile(jar)) {
        throw new BundleException(
            "the class path has " + entry + ", which is no jar; make bundles with ./runner bundle");
      }
      (holdsLibraries(jar) ? natives : libraries).add(jar);
    }
    return new Jars(libraries, natives);
  }

  /** Sees the natives and nothing else. */
  URLClassLoader nativesLoader() throws MalformedURLException {
    URL[] urls = new URL[natives.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = natives.get(i).toUri().toURL();
    }
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static boolean holdsLibraries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return NATIVE_MARKS.stream().anyMatch(mark -> file.getEntry(mark) != null);
    }
  }
}
