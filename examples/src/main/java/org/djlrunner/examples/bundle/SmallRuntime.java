package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder {@code jre}: a Java runtime without compiler and tools, made by {@code jlink}. */
final class SmallRuntime {

  /** All of Java SE; beside it memory beans, JNA's access, jars as file systems, https. */
  private static final String MODULES =
      "java.se,jdk.management,jdk.unsupported,jdk.zipfs,jdk.jfr,jdk.crypto.ec";

  /** What distributions' JDKs link to and a minimal system lacks. */
  private static final Pattern BROUGHT = Pattern.compile("lib(z|jpeg|lcms2)\\.so\\.\\d+");

  private SmallRuntime() {}

  /**
   * Makes one from a JDK.
   *
   * @param jdk the JDK's folder
   * @param folder where it goes; must not exist
   * @throws BundleException if the JDK has no {@code jlink} or no modules to link
   */
  static void make(Path jdk, Path folder) throws IOException {
    Path jlink = jdk.resolve("bin/jlink");
    if (!Files.isExecutable(jlink) || !Files.isDirectory(jdk.resolve("jmods"))) {
      throw new BundleException(
          "--jre needs a whole JDK, with bin/jlink and jmods, and "
              + jdk
              + " is not; name one in JAVA_HOME (Debian: apt install openjdk-17-jdk-headless)");
    }
    OtherProgram.run(
        "making the Java runtime",
        List.of(
            jlink.toString(),
            "--add-modules",
            MODULES,
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            folder.toString()));
    bring(folder.resolve("lib"));
  }

  private static void bring(Path lib) throws IOException {
    TreeSet<String> wanted = new TreeSet<>();
    try (Stream<Path> files = Files.list(lib)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".so")).toList()) {
        Matcher name =
            BROUGHT.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        name.results().forEach(found -> wanted.add(found.group()));
      }
    }
    Map<String, Path> system = wanted.isEmpty() ? Map.of() : systemLibraries();
    for (String name : wanted) {
      Path library = system.get(name);
      if (library != null && !Files.exists(lib.resolve(name))) {
        Files.copy(library.toRealPath(), lib.resolve(name));
      }
    }
  }

  private static Map<String, Path> systemLibraries() {
    Map<String, Path> libraries = new HashMap<>();
    for (String line :
        OtherProgram.run("listing libraries", List.of("/sbin/ldconfig", "-p")).lines().toList()) {
      int arrow = line.indexOf(" => ");
      if (arrow > 0 && line.contains("x86-64")) {
        Path library = Path.of(line.substring(arrow + 4));
        libraries.putIfAbsent(library.getFileName() + "", library);
      }
    }
    return libraries;
  }
}
