package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * PyTorch's libraries as a native jar on the class path holds them, and the way out of it.
 *
 * <p>Linux and macOS: the JNI library that {@link #unpackJni} looks for has their names.
 */
public final class NativeLibraries {

  private final NativeJar jar;
  private final ClassLoader loader;

  private NativeLibraries(NativeJar jar, ClassLoader loader) {
    this.jar = jar;
    this.loader = loader;
  }

  static NativeLibraries of(NativeJar jar) {
    return new NativeLibraries(jar, Thread.currentThread().getContextClassLoader());
  }

  /**
   * The native that a class loader sees.
   *
   * @throws IllegalStateException if it sees none or several; the message names them
   */
  public static NativeLibraries seenBy(ClassLoader loader) {
    List<NativeJar> jars = ThisMachine.nativeJars(loader);
    if (jars.size() != 1) {
      throw new IllegalStateException(
          "expected one native jar of PyTorch on the class path, found " + jars);
    }
    return new NativeLibraries(jars.get(0), loader);
  }

  /** {@code cpu} or {@code cu121}. */
  public String flavor() {
    return jar.flavor();
  }

  /** System and architecture, such as {@code linux-x86_64}. */
  public String classifier() {
    return jar.classifier();
  }

  /** The version of libtorch, such as {@code 2.3.1-20240621}. */
  public String version() {
    return jar.version();
  }

  /** The file name of the jar. */
  public String origin() {
    return jar.origin();
  }

  /** The names of the libraries. */
  public List<String> names() {
    return jar.libraries();
  }

  /** About what {@link #unpack} writes, in bytes. */
  public long unpackedBytes() {
    return jar.unpackedBytes();
  }

  /** Copies one library into a folder that exists. */
  public void unpack(String name, Path folder) throws IOException {
    copy(jar.resource(name), folder.resolve(name));
  }

  /**
   * Copies DJL's JNI library for this native into a folder, under the name DJL looks for first.
   *
   * @param djlVersion such as {@code 0.29.0}
   */
  public void unpackJni(String djlVersion, Path folder) throws IOException {
    String name = System.mapLibraryName("djl_torch");
    copy(
        "jnilib/" + jar.classifier() + '/' + jar.flavor() + '/' + name,
        folder.resolve(djlVersion + '-' + name));
  }

  /**
   * Copies all libraries to a folder, which appears only when it is complete.
   *
   * @param folder if it exists, it is complete already, for example by another process
   */
  void unpack(Path folder) throws IOException {
    Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent());
    Files.createDirectories(parent);
    Path part = Files.createTempDirectory(parent, "tmp");
    try {
      for (String name : names()) {
        unpack(name, part);
      }
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      deleteFolder(part);
      if (!Files.exists(folder.resolve(names().get(0)))) {
        throw e;
      }
    }
  }

  private void copy(String resource, Path file) throws IOException {
    try (InputStream in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is not on the class path");
      }
      Files.copy(in, file);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
