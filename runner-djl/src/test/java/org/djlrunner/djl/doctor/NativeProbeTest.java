package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeProbeTest {

  @Test
  void folderOfLibrariesWinsOverJars() {
    PretendMachine machine =
        PretendMachine.linux()
            .jar("cpu")
            .file("/opt/torch/libtorch.so", "")
            .file("/opt/torch/libtorch_cuda.so", "")
            .env("PYTORCH_LIBRARY_PATH", "/opt/torch");
    NativeProbe natives = NativeProbe.examine(machine);
    assertThat(natives.isCuda()).isTrue();
    assertThat(natives.jar()).isNull();
    assertThat(natives.finding(machine))
        .satisfies(f -> assertThat(f.level()).isEqualTo(Level.WARNING))
        .satisfies(f -> assertThat(f.advice()).contains("PYTORCH_FLAVOR=cu121"));
    machine.env("PYTORCH_FLAVOR", "cu121");
    assertThat(NativeProbe.examine(machine).finding(machine).level()).isEqualTo(Level.OK);
  }

  @Test
  void jarOfAnotherPlatformIsAnError() {
    PretendMachine machine = PretendMachine.linux().jar("cpu").property("os.arch", "aarch64");
    Finding finding = NativeProbe.examine(machine).finding(machine);
    assertThat(finding.level()).isEqualTo(Level.ERROR);
    assertThat(finding.advice()).contains("linux-aarch64");
  }

  @Test
  void jarDescribesItself(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("pytorch.properties");
    Files.writeString(
        file,
        "version=2.3.1-2024\nflavor=cu121-precxx11\nclassifier=linux-x86_64\n"
            + "libraries=libc10.so,libcudart-1.so.12");
    NativeJar jar = NativeJar.read(file.toUri().toURL());
    assertThat(jar.isCuda()).isTrue();
    assertThat(jar.cudaVersion()).isEqualTo(121);
    assertThat(jar.libraries()).containsExactly("libc10.so", "libcudart-1.so.12");
    assertThat(jar.cacheFolder()).isEqualTo("pytorch/2.3.1-2024-cu121-precxx11-linux-x86_64");
  }
}
