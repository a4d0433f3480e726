package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bundle in the making: a folder beside the one asked for, which takes its place when complete.
 *
 * <p>Replaces an empty folder or another bundle, never anything else. Closed before {@link
 * #finish}, it leaves nothing behind.
 */
final class BundleFolder implements AutoCloseable {

  /** What tells a bundle from any other folder. */
  static final String NOTES = "BUNDLE.md";

  private final Path target;
  private final Path part;

  /** For Ctrl-C, which runs no {@link #close}: gigabytes in a hidden folder are not to stay. */
  private final Thread cleaner;

  private BundleFolder(Path target, Path part) {
    this.target = target;
    this.part = part;
    cleaner = new Thread(this::deleteRest);
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /**
   * Begins one.
   *
   * @throws BundleException if there is something else in its place
   */
  static BundleFolder begin(Path out) throws IOException {
    Path target = out.toAbsolutePath().normalize();
    Path parent = Objects.requireNonNullElse(target.getParent(), target);
    if (Files.exists(target) && !isReplaceable(target)) {
      throw new BundleException(
          out + " is neither empty nor a bundle (no " + NOTES + " in it); name another folder");
    }
    Files.createDirectories(parent);
    return new BundleFolder(
        target, Files.createTempDirectory(parent, "." + target.getFileName() + "-part"));
  }

  /** Where the files go until it is finished. */
  Path path() {
    return part;
  }

  /** A folder in it, made if needed. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(part.resolve(name));
  }

  /** Puts it in its place. */
  void finish() throws IOException {
    // Temporary folders are their owner's alone; a bundle may be everyone's.
    if (!part.toFile().setReadable(true, false) || !part.toFile().setExecutable(true, false)) {
      throw new IOException(part + " can't be made readable");
    }
    if (Files.exists(target)) {
      replace(target, part);
    } else {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Puts a folder in the place of another, which is deleted; where that fails, it is there again.
   */
  static void replace(Path target, Path by) throws IOException {
    Path old = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-old");
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try {
      Files.move(by, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    delete(old);
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      return; // The JVM is shutting down, so the cleaner is at work.
    }
    if (Files.exists(part)) {
      delete(part);
    }
  }

  private void deleteRest() {
    try {
      delete(part);
    } catch (IOException e) {
      System.err.println("runner: " + part + " is left over: " + e);
    }
  }

  private static boolean isReplaceable(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return Files.exists(folder.resolve(NOTES)) || files.findAny().isEmpty();
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
