package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("U04 loss scaler")
class LossScalerTest {
  private static List<Double> scales(LossScaler scaler, boolean... finite) {
    List<Double> scales = new ArrayList<>();
    for (boolean f : finite) {
      scaler.update(f);
      scales.add(scaler.scale());
    }
    return scales;
  }

  @Test
  @DisplayName("a fixed scale never moves")
  void fixed() {
    LossScaler scaler = new LossScaler(LossScaling.fixed(512));
    assertThat(scales(scaler, false, true, true)).containsExactly(512.0, 512.0, 512.0);
  }

  @Test
  @DisplayName("an adapting scale shrinks at once and grows after finite updates in a row")
  void dynamic() {
    LossScaler scaler = new LossScaler(LossScaling.dynamic(8, 4, 0.25, 2));
    assertThat(scales(scaler, true, false, true, true, true, true))
        .containsExactly(8.0, 2.0, 2.0, 8.0, 8.0, 32.0);
  }

  @Test
  @DisplayName("its defaults are those of PyTorch")
  void defaults() {
    LossScaler scaler = new LossScaler(LossScaling.DYNAMIC);
    assertThat(scaler.state())
        .isEqualTo(
            Map.of(
                "scale", 65536.0,
                "growth_factor", 2.0,
                "backoff_factor", 0.5,
                "growth_interval", 2000,
                "_growth_tracker", 0));
  }

  @Test
  @DisplayName("it never grows beyond what float32 holds")
  void bounded() {
    LossScaler scaler = new LossScaler(LossScaling.dynamic(0x1p127, 2, 0.5, 1));
    assertThat(scales(scaler, true)).containsExactly(0x1p127);
  }

  @Test
  @DisplayName(
      "an adapting scale doesn't fall below 1, or below where it began, and grows from there")
  void floor() {
    LossScaler scaler = new LossScaler(LossScaling.dynamic(5, 2, 0.5, 1));
    assertThat(scales(scaler, false, false, false, false, true))
        .containsExactly(2.5, 1.25, 1.0, 1.0, 2.0);
    LossScaler low = new LossScaler(LossScaling.dynamic(0.25, 2, 0.5, 1));
    assertThat(scales(low, true, false, false)).containsExactly(0.5, 0.25, 0.25);
    LossScaler stored = new LossScaler(LossScaling.DYNAMIC);
    stored.load(Map.of("scale", 1e-30, "_growth_tracker", 0));
    assertThat(stored.scale()).isEqualTo(1);
  }

  @Test
  @DisplayName("updates left out in a row at a scale that can't fall are told at 10, 20, 40 ...")
  void warnings() {
    LossScaler dynamic = new LossScaler(LossScaling.dynamic(4, 2, 0.5, 1));
    // Two updates take the scale to 1.
    assertThat(warnedAt(dynamic, 100)).containsExactly(12, 22, 42, 82);
    dynamic.update(true);
    assertThat(dynamic.warning()).isEmpty();
    assertThat(warnedAt(dynamic, 12)).containsExactly(11);
    LossScaler fixed = new LossScaler(LossScaling.fixed(512));
    assertThat(warnedAt(fixed, 10)).containsExactly(10);
    assertThat(fixed.warning())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith("10 updates in a row were left out, so nothing is learned")
                    .contains("loss scale of 512.0, which is fixed; lower it"));
  }

  private static List<Integer> warnedAt(LossScaler scaler, int skips) {
    List<Integer> at = new ArrayList<>();
    for (int i = 1; i <= skips; i++) {
      scaler.update(false);
      if (scaler.warning().isPresent()) {
        at.add(i);
      }
    }
    return at;
  }

  @Test
  @DisplayName("it goes on from a stored state, a fixed scale from its own")
  void load() {
    LossScaler first = new LossScaler(LossScaling.dynamic(8, 2, 0.5, 3));
    scales(first, false, true, true);
    LossScaler second = new LossScaler(LossScaling.dynamic(1024, 2, 0.5, 3));
    second.load(first.state());
    assertThat(scales(second, true)).containsExactly(8.0);
    LossScaler fixed = new LossScaler(LossScaling.fixed(128));
    fixed.load(first.state());
    assertThat(fixed.scale()).isEqualTo(128);
  }

  @Test
  @DisplayName("a state that is none is refused with what was seen")
  void badState() {
    LossScaler scaler = new LossScaler(LossScaling.DYNAMIC);
    assertThatThrownBy(() -> scaler.load(Map.of("scale", -1, "_growth_tracker", 0)))
        .hasMessageContaining("fp16.loss_scaler")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> scaler.load(Map.of("scale", 2))).hasMessageContaining("_growth");
  }

  @Test
  @DisplayName("factors that make no sense are refused")
  void refused() {
    assertThatThrownBy(() -> LossScaling.fixed(0)).hasMessageContaining("init_scale");
    assertThatThrownBy(() -> LossScaling.dynamic(1, 1, 0.5, 1))
        .hasMessageContaining("growth_factor");
    assertThatThrownBy(() -> LossScaling.dynamic(1, 2, 1, 1))
        .hasMessageContaining("backoff_factor");
    assertThatThrownBy(() -> LossScaling.dynamic(1, 2, 0.5, 0))
        .hasMessageContaining("growth_interval");
  }
}
