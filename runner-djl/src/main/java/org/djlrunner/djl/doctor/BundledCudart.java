package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PyTorch's own CUDA runtime, under the name that DJL counts GPUs by.
 *
 * <p>DJL looks for {@code libcudart.so}; the native jar brings {@code libcudart-9335f6a2.so.12} or
 * the like. Without a CUDA toolkit on the machine DJL thus counts no GPU, ignores the CUDA native
 * and trains on the CPU, silently. A toolkit's runtime is no good either when it is older than the
 * native or newer than the driver. So the bundled one is preferred.
 *
 * <p>Linux only: on Windows DJL searches {@code PATH}, which a program can't change for itself.
 */
public final class BundledCudart {

  private static final Logger log = LoggerFactory.getLogger(BundledCudart.class);
  private static final String SEARCH_PATH = "jna.library.path";

  private BundledCudart() {}

  /**
   * Copies the runtime to DJL's cache and adds its folder to {@code jna.library.path}.
   *
   * <p>Must be called before DJL counts GPUs for the first time, so before the engine is loaded.
   * Does nothing without exactly one CUDA native on the class path, or where {@code
   * jna.library.path} is set. Never throws: a failure is logged, and DJL finds no GPU as before.
   */
  public static void offer() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      offered(new ThisMachine(), loader)
          .ifPresent(folder -> System.setProperty(SEARCH_PATH, folder.toString()));
    } catch (IOException | RuntimeException e) {
      log.warn("DJL may count no GPU: PyTorch's CUDA runtime can't be copied to its cache: {}", e);
    }
  }

  /** The folder with the copy; empty when there is nothing to offer. */
  static Optional<Path> offered(Machine machine, ClassLoader loader) throws IOException {
    NativeJar jar = NativeProbe.examine(machine).jar();
    String runtime = jar == null ? null : runtimeOf(jar);
    if (jar == null
        || runtime == null
        || !Platform.of(machine).isLinux()
        || machine.property(SEARCH_PATH) != null) {
      return Optional.empty();
    }
    Path folder =
        CacheProbe.folder(machine)
            .resolve("djl-runner")
            .resolve("cudart-" + jar.version() + '-' + jar.flavor() + '-' + jar.classifier());
    Path copy = folder.resolve("libcudart.so");
    if (Files.exists(copy)) {
      return Optional.of(folder);
    }
    String resource = "pytorch/" + jar.flavor() + '/' + jar.classifier() + '/' + runtime;
    try (InputStream in = loader.getResourceAsStream(resource)) {
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

  private static @Nullable String runtimeOf(NativeJar jar) {
    return jar.libraries().stream()
        .filter(library -> jar.isCuda() && library.startsWith("libcudart"))
        .findFirst()
        .orElse(null);
  }
}
