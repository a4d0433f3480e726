package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeProbeTest {

  private static Finding finding(PretendMachine machine) {
    return NativeProbe.examine(machine).finding(machine, CudaDriver.find(machine));
  }

  private static void assertFound(PretendMachine machine, Level level, String text, String advice) {
    Finding finding = finding(machine);
    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.text()).contains(text);
    assertThat(finding.advice()).contains(advice);
  }

  @Test
  void folderOfLibrariesWinsOverJars() {
    PretendMachine machine = PretendMachine.linux().jar("cpu").driver().cudaFolder();
    NativeProbe natives = NativeProbe.examine(machine);
    assertThat(natives.isCuda()).isTrue();
    assertThat(natives.jar()).isNull();
    assertThat(finding(machine).level()).isEqualTo(Level.OK);
    machine.env("PYTORCH_FLAVOR", "");
    assertFound(machine, Level.WARNING, "often wrongly", "PYTORCH_FLAVOR=cu121");
  }

  @Test
  void folderDescribesItself() {
    PretendMachine machine = PretendMachine.linux().driver().cudaFolder("flavor=cu121", "arch=90");
    NativeProbe natives = NativeProbe.examine(machine);
    assertThat(natives.flavor()).isEqualTo("cu121");
    assertThat(natives.cudaVersion()).isEqualTo(121);
    assertThat(natives.arch()).isEqualTo(90);
    assertThat(finding(machine).text()).startsWith("cu121, compute capability 9.0 only, from /opt");
  }

  @Test
  void flavorsOfFolderAndSettingMustAgree() {
    PretendMachine cuda = PretendMachine.linux().cudaFolder();
    assertFound(cuda, Level.ERROR, "needs libcuda.so.1", "set PYTORCH_FLAVOR=cpu");
    cuda.env("PYTORCH_FLAVOR", "cpu");
    assertThat(finding(cuda).level()).isEqualTo(Level.OK);
    assertFound(cuda.driver(), Level.WARNING, "there is a driver", "PYTORCH_FLAVOR=cu121");

    PretendMachine cpu =
        PretendMachine.linux()
            .file("/opt/torch/libtorch.so", "")
            .env("PYTORCH_LIBRARY_PATH", "/opt/torch")
            .env("PYTORCH_FLAVOR", "cu121");
    assertFound(cpu, Level.ERROR, "built for the CPU, but PYTORCH_FLAVOR is cu121", "cpu");
  }

  @Test
  void folderWithoutLibtorchIsPassedOverAloud() {
    PretendMachine machine =
        PretendMachine.linux().jar("cpu").env("PYTORCH_LIBRARY_PATH", "/opt/nothing");
    assertFound(machine, Level.WARNING, "no libtorch.so in /opt/nothing", "correct it");
  }

  @Test
  void versionThatMakesDjlDownloadAnotherIsAnError() {
    PretendMachine machine = PretendMachine.linux().jar("cpu").env("PYTORCH_VERSION", "2.1.0");
    assertFound(machine, Level.ERROR, "asks for: 2.1.0; DJL would download", "unset");
    assertThat(finding(machine.env("PYTORCH_VERSION", "2.3.1")).level()).isEqualTo(Level.OK);
  }

  @Test
  void missingNativeCanNotBeDownloadedOffline() {
    PretendMachine machine = PretendMachine.linux();
    assertFound(machine, Level.ERROR, "DJL would download", "classifier linux-x86_64");
    machine.property("ai.djl.offline", "true");
    assertFound(machine, Level.ERROR, "DJL is offline, so it can't download", "linux-x86_64");
  }

  @Test
  void jarOfAnotherPlatformIsAnError() {
    PretendMachine machine = PretendMachine.linux().jar("cpu").property("os.arch", "aarch64");
    Finding finding = finding(machine);
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
    assertThat(new NativeProbe(List.of(jar), null).cudaVersion()).isEqualTo(121);
    assertThat(jar.libraries()).containsExactly("libc10.so", "libcudart-1.so.12");
    assertThat(jar.cacheFolder()).isEqualTo("pytorch/2.3.1-2024-cu121-precxx11-linux-x86_64");
  }
}
