package org.djlrunner.djl.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The CUDA runtime under the name that DJL counts GPUs by: {@code cudart}.
 *
 * <p>PyTorch brings a runtime of its own, but under another name ({@code libcudart-9335f6a2.so.12}
 * and the like), so DJL does not see that one. On Linux DJL (through JNA) finds
 *
 * <ol>
 *   <li>{@code libcudart.so} in {@code jna.library.path}, {@code LD_LIBRARY_PATH} or the loader's
 *       cache,
 *   <li>else {@code libcudart.so.N} in {@code jna.library.path} or a folder of the loader's cache,
 * </ol>
 *
 * and never looks at {@code java.library.path}. On Windows it is {@code cudart64_N.dll} in {@code
 * CUDA_PATH} or {@code PATH}.
 *
 * @param library the file DJL takes, null when it finds none
 * @param outOfReach runtimes that lie where DJL does not look
 */
record CudaRuntime(@Nullable Path library, List<Path> outOfReach) {

  static final String TOPIC = "CUDA runtime";

  private static final String NAME = "libcudart.so";

  static CudaRuntime find(Machine machine) {
    Platform platform = Platform.of(machine);
    if (platform.isWindows()) {
      return new CudaRuntime(onWindows(machine), List.of());
    }
    if (!platform.isLinux()) {
      return new CudaRuntime(null, List.of());
    }
    Path library = onLinux(machine);
    return new CudaRuntime(library, library == null ? elsewhere(machine) : List.of());
  }

  boolean found() {
    return library != null;
  }

  Finding finding() {
    if (found()) {
      return Finding.ok(TOPIC, Objects.toString(library));
    }
    String text = "no library that DJL finds under the name cudart";
    return Finding.note(
        TOPIC, outOfReach.isEmpty() ? text : text + "; out of its reach lies " + outOfReach.get(0));
  }

  private static @Nullable Path onLinux(Machine machine) {
    List<Path> jna = LoaderPath.split(machine.property("jna.library.path"), ":");
    for (Path folder : jna) {
      if (machine.exists(folder.resolve(NAME))) {
        return folder.resolve(NAME);
      }
    }
    LoaderPath loader = LoaderPath.of(machine);
    Path exact = loader.find(machine, NAME);
    if (exact != null) {
      return exact;
    }
    return Stream.concat(runtimes(machine, jna), loader.cached().stream())
        .filter(file -> fileName(file).matches("libcudart\\.so\\.[0-9.]+"))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Path onWindows(Machine machine) {
    List<Path> folders = new ArrayList<>();
    String cuda = machine.env("CUDA_PATH");
    if (cuda != null) {
      folders.add(Path.of(cuda, "bin"));
    }
    folders.addAll(LoaderPath.split(machine.env("PATH"), ";"));
    return folders.stream()
        .flatMap(folder -> machine.files(folder).stream())
        .filter(file -> fileName(file).matches("cudart64_\\d+\\.dll"))
        .findFirst()
        .orElse(null);
  }

  private static List<Path> elsewhere(Machine machine) {
    List<Path> folders = new ArrayList<>();
    folders.addAll(LoaderPath.split(machine.env("LD_LIBRARY_PATH"), ":"));
    folders.addAll(LoaderPath.split(machine.property("java.library.path"), ":"));
    for (Path local : machine.files(Path.of("/usr/local"))) {
      if (fileName(local).startsWith("cuda")) {
        folders.add(local.resolve("lib64"));
      }
    }
    return runtimes(machine, folders).toList();
  }

  private static Stream<Path> runtimes(Machine machine, List<Path> folders) {
    return folders.stream()
        .flatMap(folder -> machine.files(folder).stream())
        .filter(file -> fileName(file).startsWith("libcudart") && fileName(file).contains(".so"))
        .distinct();
  }

  private static String fileName(Path file) {
    return Objects.toString(file.getFileName());
  }
}
