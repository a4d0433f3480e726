package org.djlrunner.djl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** DJL's rules for finding cudart, each tried on the real loader when they were written down. */
class CudaRuntimeTest {

  private static CudaRuntime find(PretendMachine machine) {
    return CudaRuntime.find(machine);
  }

  @Test
  void jnaLibraryPathComesFirst() {
    PretendMachine machine =
        PretendMachine.linux()
            .cudart()
            .property("jna.library.path", "/a:/b")
            .file("/b/libcudart.so", "");
    assertThat(find(machine).library()).isEqualTo(Path.of("/b/libcudart.so"));
  }

  @Test
  void ldLibraryPathTakesThePlainNameOnly() {
    PretendMachine machine =
        PretendMachine.linux().env("LD_LIBRARY_PATH", "/a").file("/a/libcudart.so.12", "");
    assertThat(find(machine).library()).isNull();
    assertThat(find(machine).outOfReach()).containsExactly(Path.of("/a/libcudart.so.12"));
    machine.file("/a/libcudart.so", "");
    assertThat(find(machine).library()).isEqualTo(Path.of("/a/libcudart.so"));
  }

  @Test
  void loadersCacheAlsoTakesANumberedName() {
    PretendMachine machine = PretendMachine.linux().cached("/usr/lib/libcudart.so.12");
    assertThat(find(machine).library()).isEqualTo(Path.of("/usr/lib/libcudart.so.12"));
  }

  @Test
  void javaLibraryPathIsOutOfReach() {
    PretendMachine machine =
        PretendMachine.linux().property("java.library.path", "/j").file("/j/libcudart.so", "");
    assertThat(find(machine).found()).isFalse();
    assertThat(find(machine).finding().text()).contains("out of its reach lies /j/libcudart.so");
  }
}
