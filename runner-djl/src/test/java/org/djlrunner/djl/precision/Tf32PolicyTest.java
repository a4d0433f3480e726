package org.djlrunner.djl.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("W03 TF32 policy")
class Tf32PolicyTest {
  private static final String NVIDIA = "NVIDIA_TF32_OVERRIDE";
  private static final String CUBLAS = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  private static final Tf32Policy BOTH = new Tf32Policy(true, true);

  @Test
  @DisplayName("follows from the environment that libtorch was loaded in")
  void fromTheEnvironment() {
    assertThat(Tf32Policy.of(Map.of())).isEqualTo(Tf32Policy.DEFAULT);
    assertThat(Tf32Policy.of(Map.of(CUBLAS, "1"))).isEqualTo(BOTH);
    assertThat(Tf32Policy.of(Map.of(CUBLAS, "0"))).isEqualTo(Tf32Policy.DEFAULT);
    assertThat(Tf32Policy.of(Map.of(NVIDIA, "0"))).isEqualTo(Tf32Policy.NONE);
    assertThat(Tf32Policy.of(Map.of(NVIDIA, "0", CUBLAS, "1"))).isEqualTo(Tf32Policy.NONE);
  }

  @Test
  void aCpuHasNone() {
    assertThat(Tf32Policy.of(Device.cpu())).isEqualTo(Tf32Policy.NONE);
  }

  @Test
  void whatIsSoMayBeDemanded() {
    assertThatCode(() -> BOTH.require(true)).doesNotThrowAnyException();
    assertThatCode(() -> Tf32Policy.NONE.require(false)).doesNotThrowAnyException();
    assertThatCode(() -> Tf32Policy.DEFAULT.require(null)).doesNotThrowAnyException();
  }

  @Test
  void whatIsNotSoIsRefusedWithWhatToSet() {
    assertThatThrownBy(() -> Tf32Policy.DEFAULT.require(true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "true was asked for, but in this process TF32 is used by convolutions, not products:"
                + " libtorch reads that from the environment when it is loaded. Start it with"
                + " TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1 and without NVIDIA_TF32_OVERRIDE, or leave"
                + " out allow_tf32");
    assertThatThrownBy(() -> Tf32Policy.DEFAULT.require(false))
        .hasMessageContaining("Start it with NVIDIA_TF32_OVERRIDE=0,");
    assertThatThrownBy(() -> BOTH.require(false)).hasMessageContaining("convolutions and products");
    assertThatThrownBy(() -> Tf32Policy.NONE.require(true)).hasMessageContaining("neither");
  }
}
