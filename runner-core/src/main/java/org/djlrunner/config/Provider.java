package org.djlrunner.config;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * Who added a component to a registry: the class of its factory, and the jar or folder it is in.
 *
 * @param className the class, of a lambda the class around it
 * @param place the jar's file name or the folder, {@code the JDK} for neither
 */
record Provider(String className, String place) {
  static Provider of(Object factory) {
    String name = factory.getClass().getName();
    int lambda = name.indexOf("$$Lambda");
    return new Provider(lambda < 0 ? name : name.substring(0, lambda), place(factory.getClass()));
  }

  private static String place(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "the JDK";
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      String file = String.valueOf(path.getFileName());
      return file.endsWith(".jar") ? file : path.toString();
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return source.getLocation().toString();
    }
  }

  /** {@code org.example.Hooks in my-hooks-1.0.jar}. */
  @Override
  public String toString() {
    return className + " in " + place;
  }
}
