package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch's own CUDA runtime, under the name that DJL counts GPUs by.
 *
 * <p>DJL looks for {@code libcudart.so}; the natives bring {@code libcudart-9335f6a2.so.12} or the
 * like. Without a CUDA toolkit on the machine DJL thus counts no GPU, ignores the CUDA native and
 * trains on the CPU, silently. A toolkit's runtime is no good either when it is older than the
 * native or newer than the driver. So the bundled one is preferred.
 *
 * <p>Linux only: on Windows DJL searches {@code PATH}, which a program can't change for itself.
 */
final class BundledCudart {

  private static final Logger log = LoggerFactory.getLogger(BundledCudart.class);
  private static final String SEARCH_PATH = "jna.library.path";
  private static final String NAME = "libcudart.so";

  private BundledCudart() {}

  /**
   * Puts a folder that holds the runtime as {@code libcudart.so} at the head of {@code
   * jna.library.path}: a link where the native is unpacked ({@code PYTORCH_LIBRARY_PATH}, or DJL's
   * cache), else a copy in DJL's cache.
   *
   * <p>Must be called before DJL counts GPUs for the first time, so before the engine is loaded.
   * Does nothing without exactly one CUDA native, or where {@code jna.library.path} has one
   * already. Never throws: a failure is logged, and DJL finds no GPU as before.
   */
  static void offer() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      ThisMachine machine = new ThisMachine();
      String before = machine.property(SEARCH_PATH);
      offered(machine, loader)
          .ifPresent(
              folder ->
                  System.setProperty(
                      SEARCH_PATH, before == null ? folder.toString() : folder + ":" + before));
    } catch (IOException | RuntimeException e) {
      log.warn(
          "DJL may count no GPU: PyTorch's CUDA runtime can't be put in its reach: {}",
          e.toString());
    }
  }

  /** The folder with {@code libcudart.so}; empty when there is nothing to offer. */
  static Optional<Path> offered(Machine machine, ClassLoader loader) throws IOException {
    boolean there =
        LoaderPath.split(machine.property(SEARCH_PATH), ":").stream()
            .anyMatch(folder -> machine.exists(folder.resolve(NAME)));
    if (there || !Platform.of(machine).isLinux()) {
      return Optional.empty();
    }
    NativeProbe natives = NativeProbe.examine(machine);
    NativeJar jar = natives.jar();
    NativeFolder folder = natives.folder();
    if (folder != null && folder.isCuda()) {
      return linked(machine, folder.path());
    }
    String runtime = jar == null || !jar.isCuda() ? null : runtimeAmong(jar.libraries());
    if (jar != null && runtime != null) {
      // A link where possible: of a copy the process would load a second CUDA runtime.
      Path unpacked = CacheProbe.folder(machine).resolve(jar.cacheFolder());
      if (machine.exists(unpacked.resolve(runtime))) {
        return linked(machine, unpacked);
      }
    }
    return jar == null || runtime == null
        ? Optional.empty()
        : copied(machine, loader, jar, runtime);
  }

  private static Optional<Path> linked(Machine machine, Path natives) throws IOException {
    Path own = natives.resolve("cudart");
    if (machine.exists(own.resolve(NAME))) {
      return Optional.of(own);
    }
    String runtime =
        runtimeAmong(machine.files(natives).stream().map(f -> f.getFileName() + "").toList());
    if (runtime == null) {
      return Optional.empty();
    }
    Path target = natives.resolve(runtime).toAbsolutePath();
    Path folder = ours(machine).resolve("cudart-" + Integer.toHexString(target.hashCode()));
    Path link = folder.resolve(NAME);
    Files.createDirectories(folder);
    try {
      Files.createSymbolicLink(link, target);
    } catch (FileAlreadyExistsException e) {
      log.debug("{} is there already", link);
    }
    return Optional.of(folder);
  }

  private static Optional<Path> copied(
      Machine machine, ClassLoader loader, NativeJar jar, String runtime) throws IOException {
    String name = "cudart-" + jar.version() + '-' + jar.flavor() + '-' + jar.classifier();
    Path folder = ours(machine).resolve(name);
    Path copy = folder.resolve(NAME);
    if (Files.exists(copy)) {
      return Optional.of(folder);
    }
    try (InputStream in = loader.getResourceAsStream(jar.resource(runtime))) {
      if (in == null) {
        return Optional.empty();
      }
      // Another process may do the same at this moment; the move makes each copy appear whole.
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "cudart", ".part");
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return Optional.of(folder);
  }

  /** The part of DJL's cache that is ours. */
  private static Path ours(Machine machine) {
    return CacheProbe.folder(machine).resolve("djl-runner");
  }

  private static @Nullable String runtimeAmong(List<String> libraries) {
    return libraries.stream()
        .filter(library -> library.startsWith("libcudart"))
        .findFirst()
        .orElse(null);
  }
}
