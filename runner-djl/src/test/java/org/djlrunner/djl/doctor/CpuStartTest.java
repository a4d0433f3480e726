package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("X04 a CUDA native without a GPU")
class CpuStartTest {

  private static final List<String> LIBRARIES = List.of("libtorch.so", "libtorch_cuda.so");

  @TempDir private Path folder;

  /** A class path with a native "jar" that holds these libraries. */
  private URLClassLoader classPath(List<String> held) throws IOException {
    Path jar = Files.createDirectories(folder.resolve("jar"));
    Path libraries = Files.createDirectories(jar.resolve("pytorch/cu121/linux-x86_64"));
    for (String library : held) {
      Files.writeString(libraries.resolve(library), library);
    }
    Files.createDirectories(jar.resolve("native/lib"));
    Files.writeString(
        jar.resolve(NativeJar.RESOURCE),
        "version=2.3.1\nflavor=cu121\nclassifier=linux-x86_64\nlibraries="
            + String.join(",", LIBRARIES));
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }

  private Optional<Path> offered(PretendMachine machine, List<String> held) throws IOException {
    machine.env("DJL_CACHE_DIR", folder.resolve("cache").toString());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = classPath(held)) {
      Thread.currentThread().setContextClassLoader(loader);
      return CpuStart.offered(machine, NativeProbe.examine(machine), CudaProbe.examine(machine));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static PretendMachine cudaNative() {
    return PretendMachine.linux().jarOf(LIBRARIES);
  }

  @Test
  void isUnpackedToWhereDjlWouldPutIt() throws IOException {
    for (int time = 0; time < 2; time++) {
      Path unpacked = offered(cudaNative(), LIBRARIES).orElseThrow();
      assertThat(unpacked)
          .isEqualTo(folder.resolve("cache/pytorch/2.3.1-cu121-linux-x86_64"))
          .isDirectoryContaining("glob:**/libtorch.so")
          .isDirectoryContaining("glob:**/libtorch_cuda.so");
      assertThat(folder.resolve("cache/pytorch").toFile().list()).hasSize(1);
    }
  }

  @Test
  void nothingRemainsWhenUnpackingFails() {
    assertThatThrownBy(() -> offered(cudaNative(), List.of("libtorch.so")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "pytorch/cu121/linux-x86_64/libtorch_cuda.so is not on the class path")
        .hasMessageContaining("4300 MiB to " + folder.resolve("cache/pytorch/2.3.1-cu121"))
        .hasMessageContaining("set DJL_CACHE_DIR");
    assertThat(folder.resolve("cache/pytorch").toFile().list()).isEmpty();
  }

  @Test
  void isAnErrorWhereThereIsNoRoomForIt() {
    assertThatThrownBy(() -> offered(cudaNative().free(Bytes.GIB), LIBRARIES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.resolve("cache") + ", can be created, 1024 MiB free")
        .hasMessageContaining("takes 4300 MiB; make room there, or set DJL_CACHE_DIR");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void isLeftAloneWhereDjlTakesIt() throws IOException {
    assertThat(offered(cudaNative().driver().cudart().gpu("90"), LIBRARIES)).isEmpty();
    assertThat(offered(PretendMachine.linux().jar("cpu"), LIBRARIES)).isEmpty();
    assertThat(offered(cudaNative().property("os.name", "Windows 11"), LIBRARIES)).isEmpty();
  }

  @Test
  void runsOnTheCpuAlsoWhereTheRuntimeIsTooOldForIt() throws IOException {
    PretendMachine machine = cudaNative().driver().cudart().gpu("90").cudaVersion(118);
    assertThat(offered(machine, LIBRARIES)).isPresent();
  }
}
