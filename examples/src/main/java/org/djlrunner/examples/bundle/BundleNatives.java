package org.djlrunner.examples.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.djlrunner.djl.doctor.NativeLibraries;

/**
 * The folder {@code native}: libtorch and DJL's JNI library as they are loaded, and what they are.
 */
final class BundleNatives {

  private static final long WORTH_A_LINE = 100L << 20;

  private final NativeLibraries libraries;
  private final Path folder;
  private final Consumer<String> progress;

  BundleNatives(NativeLibraries libraries, Path folder, Consumer<String> progress) {
    this.libraries = libraries;
    this.folder = folder;
    this.progress = progress;
  }

  /** Unpacks everything, and links the CUDA runtime under the name that DJL counts GPUs by. */
  void unpack(String djlVersion) throws IOException {
    for (String name : libraries.names()) {
      libraries.unpack(name, folder);
      long bytes = Files.size(folder.resolve(name));
      if (bytes >= WORTH_A_LINE) {
        progress.accept("  %s, %d MiB".formatted(name, bytes >> 20));
      }
    }
    libraries.unpackJni(djlVersion, folder);
    for (String name : libraries.names()) {
      if (name.startsWith("libcudart")) {
        Path cudart = Files.createDirectories(folder.resolve("cudart"));
        Files.createSymbolicLink(cudart.resolve("libcudart.so"), Path.of("..", name));
      }
    }
  }

  /**
   * Clears machine code for all GPU generations but one; the zeros take no room where the file
   * system has holes: for {@code sm_90} 4.1 GB become 1.9.
   *
   * @param tool {@code prune_fatbin.py}
   * @param arch such as 90
   */
  void prune(Path tool, int arch) {
    List<String> files =
        libraries.names().stream().map(folder::resolve).map(Path::toString).toList();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("python3", tool.toString(), "--in-place", "--arch", Integer.toString(arch)));
    command.addAll(files);
    OtherProgram.run("pruning the libraries", command);
    List<String> dig = new ArrayList<>(List.of("fallocate", "--dig-holes", ""));
    for (String file : files) {
      dig.set(2, file);
      try {
        OtherProgram.run("making holes of zeros", dig);
      } catch (BundleException e) {
        progress.accept("  the zeros keep their room: " + e.getMessage());
        return;
      }
    }
  }

  /**
   * Writes what they are, in the words of the native jars, for the doctor.
   *
   * @param arch the only GPU generation that is left, 0 for all
   */
  void describe(int arch) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("version=" + libraries.version());
    lines.add("flavor=" + libraries.flavor());
    lines.add("classifier=" + libraries.classifier());
    if (arch != 0) {
      lines.add("arch=" + arch);
    }
    Files.write(folder.resolve("pytorch.properties"), lines);
  }
}
