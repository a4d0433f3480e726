package org.djlrunner.djl.precision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("N05 bfloat16 is chosen where a processor's flags name it")
class Bfloat16SupportTest {
  @ParameterizedTest
  @CsvSource({
    "flags : fpu sse2 avx2, false",
    "flags : fpu avx512f avx512_bf16, false",
    "flags : fpu amx_bf16 amx_tile, true",
    "model name : amx_bf16, false"
  })
  void flags(String line, boolean expected, @TempDir Path folder) throws IOException {
    Path info = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");
    assertThat(Bfloat16Support.ofCpu(info)).isEqualTo(expected);
    assertThat(Bfloat16Support.ofCpu(folder.resolve("none"))).isFalse();
  }
}
