package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledCudartTest {

  @TempDir Path folder;

  private Optional<Path> offered(PretendMachine machine) throws IOException {
    machine.env("DJL_CACHE_DIR", folder.resolve("cache").toString());
    Path jar = folder.resolve("jar");
    Path runtime = jar.resolve("pytorch/cu121/linux-x86_64/libcudart-1.so.12");
    Files.createDirectories(runtime.resolveSibling("."));
    Files.writeString(runtime, "the runtime");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
      return BundledCudart.offered(machine, loader);
    }
  }

  @Test
  void cudaNativesRuntimeIsCopiedUnderTheNameDjlLooksFor() throws IOException {
    for (int time = 0; time < 2; time++) {
      Path copy = offered(PretendMachine.linux().jar("cu121")).orElseThrow();
      assertThat(copy.resolve("libcudart.so")).hasContent("the runtime");
      assertThat(copy).startsWith(folder.resolve("cache"));
      assertThat(copy.toFile().list()).hasSize(1);
    }
  }

  @Test
  void runtimeOfAnUnpackedNativeIsLinked() throws IOException {
    Path natives = Files.createDirectories(folder.resolve("natives"));
    Path runtime = Files.writeString(natives.resolve("libcudart-1.so.12"), "unpacked");
    PretendMachine machine =
        PretendMachine.linux()
            .file(natives.resolve("libtorch.so").toString(), "")
            .file(natives.resolve("libtorch_cuda.so").toString(), "")
            .file(runtime.toString(), "")
            .env("PYTORCH_LIBRARY_PATH", natives.toString());
    for (int time = 0; time < 2; time++) {
      Path link = offered(machine).orElseThrow().resolve("libcudart.so");
      assertThat(link).isSymbolicLink().hasContent("unpacked");
    }
    machine.file(natives + "/cudart/libcudart.so", "");
    assertThat(offered(machine)).contains(natives.resolve("cudart"));
  }

  @Test
  void runtimeOfAJarThatIsUnpackedIsLinkedToo() throws IOException {
    Path unpacked = folder.resolve("cache/pytorch/2.3.1-cu121-linux-x86_64");
    Path runtime = Files.createDirectories(unpacked).resolve("libcudart-1.so.12");
    Files.writeString(runtime, "in the cache");
    PretendMachine machine = PretendMachine.linux().jar("cu121").file(runtime.toString(), "");
    assertThat(offered(machine).orElseThrow().resolve("libcudart.so"))
        .isSymbolicLink()
        .hasContent("in the cache");
  }

  @Test
  void nothingIsOfferedWithoutNeed() throws IOException {
    assertThat(offered(PretendMachine.linux().jar("cpu"))).isEmpty();
    assertThat(offered(PretendMachine.linux().jar("cpu").jar("cu121"))).isEmpty();
    PretendMachine own = PretendMachine.linux().jar("cu121").property("jna.library.path", "/x");
    assertThat(offered(own)).isPresent();
    assertThat(offered(own.file("/x/libcudart.so", ""))).isEmpty();
  }
}
