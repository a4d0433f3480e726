package org.djlrunner.djl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a CUDA native on the CPU where there is no GPU for it.
 *
 * <p>DJL passes over a CUDA native when it counts no GPU, and downloads another one in its place.
 * It takes one in a folder, though: so the jar is unpacked to where DJL itself would unpack it, and
 * {@code PYTORCH_LIBRARY_PATH} names that folder. {@code PYTORCH_FLAVOR=cpu} keeps DJL from loading
 * {@code libcaffe2_nvrtc}, the one library that does not load without NVIDIA's driver.
 *
 * <p>Linux only.
 */
final class CpuStart {

  private static final Logger log = LoggerFactory.getLogger(CpuStart.class);

  private CpuStart() {}

  /**
   * Sets DJL's properties where needed.
   *
   * @throws IllegalStateException if the native can't be unpacked; DJL would go on and download
   *     another one, so it must not be started
   */
  static void offer() {
    ThisMachine machine = new ThisMachine();
    NativeProbe natives = NativeProbe.examine(machine);
    if (natives.jar() == null || !natives.isCuda()) {
      return;
    }
    offered(machine, natives, CudaProbe.examine(machine))
        .ifPresent(
            folder -> {
              System.setProperty("PYTORCH_LIBRARY_PATH", folder.toString());
              System.setProperty("PYTORCH_FLAVOR", "cpu");
            });
  }

  /** Whether DJL would pass over the native that is there: it counts no GPU for it. */
  static boolean isNeeded(Machine machine, NativeProbe natives, CudaProbe cuda) {
    NativeJar jar = natives.jar();
    return jar != null
        && jar.isCuda()
        && jar.classifier().equals(Platform.of(machine).classifier())
        && natives.cudaVersion() > (cuda.count() > 0 ? cuda.runtimeVersion() : 0);
  }

  /** Whether {@link #offer} can help here. */
  static boolean isPossible(Machine machine) {
    return Platform.of(machine).isLinux();
  }

  /**
   * The folder with the unpacked libraries; empty when the native needs no help.
   *
   * @throws IllegalStateException if they can't be unpacked; the message says where to, how much
   *     they take and what to do
   */
  static Optional<Path> offered(Machine machine, NativeProbe natives, CudaProbe cuda) {
    NativeJar jar = natives.jar();
    if (jar == null || !isNeeded(machine, natives, cuda) || !isPossible(machine)) {
      return Optional.empty();
    }
    Path folder = CacheProbe.folder(machine).resolve(jar.cacheFolder());
    if (!Files.exists(folder.resolve("libtorch.so"))) {
      unpack(machine, natives, jar, folder);
    }
    return Optional.of(folder);
  }

  private static void unpack(Machine machine, NativeProbe natives, NativeJar jar, Path folder) {
    String what = "no GPU is used, and " + jar + " can't be unpacked to run on the CPU: ";
    Finding cache = CacheProbe.cache(machine, natives);
    if (cache.level() == Level.ERROR) {
      throw new IllegalStateException(what + cache.text() + "; " + cache.advice());
    }
    String size = Bytes.text(jar.unpackedBytes());
    log.info("Unpacking {} to {} (once, {})", jar, folder, size);
    try {
      NativeLibraries.of(jar).unpack(folder);
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s%s to %s: %s; make room there, or set DJL_CACHE_DIR to another folder"
              .formatted(what, size, folder, e),
          e);
    }
  }
}
