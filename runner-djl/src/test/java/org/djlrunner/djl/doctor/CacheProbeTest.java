package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CacheProbeTest {

  private static Finding cache(PretendMachine machine) {
    return CacheProbe.examine(machine, NativeProbe.examine(machine)).get(0);
  }

  @Test
  void folderIsDjlsOwn() {
    PretendMachine machine = PretendMachine.linux();
    assertThat(CacheProbe.folder(machine)).isEqualTo(Path.of("/home/ada/.djl.ai"));
    machine.property("DJL_CACHE_DIR", "/p");
    assertThat(CacheProbe.folder(machine)).isEqualTo(Path.of("/p"));
    machine.env("ENGINE_CACHE_DIR", "/e");
    assertThat(CacheProbe.folder(machine)).isEqualTo(Path.of("/e"));
  }

  @Test
  void unwritableHomeMovesItToTheTemporaryFolder() {
    PretendMachine machine = PretendMachine.linux().property("java.io.tmpdir", "/t").readOnly();
    assertThat(CacheProbe.folder(machine)).isEqualTo(Path.of("/t/.djl.ai"));
  }

  @Test
  void unwritableCacheIsAnError() {
    Finding finding =
        cache(PretendMachine.linux().jar("cpu").env("DJL_CACHE_DIR", "/ro/djl").readOnly());
    assertThat(finding.level()).isEqualTo(Level.ERROR);
    assertThat(finding.text()).contains("/ro/djl can't be written");
    assertThat(finding.advice()).contains("DJL_CACHE_DIR");
  }

  @Test
  void roomForUnpackingIsNeededUnlessDone() {
    PretendMachine machine = PretendMachine.linux().jar("cu121").free(Bytes.GIB);
    assertThat(cache(machine).text())
        .contains("1024 MiB free; unpacking the native takes 4300 MiB");
    assertThat(cache(machine).level()).isEqualTo(Level.ERROR);
    machine.file("/home/ada/.djl.ai/pytorch/2.3.1-cu121-linux-x86_64/libtorch.so", "");
    assertThat(cache(machine).text()).endsWith("unpacked");
  }

  @Test
  void offlineIsSaid() {
    PretendMachine machine = PretendMachine.linux().env("DJL_OFFLINE", "true");
    assertThat(CacheProbe.examine(machine, NativeProbe.examine(machine)).get(1).text())
        .contains("DJL is offline");
  }
}
