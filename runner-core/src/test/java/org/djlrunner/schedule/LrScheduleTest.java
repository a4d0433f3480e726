package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.djlrunner.Every;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LrScheduleTest {
  @Test
  @DisplayName("S02 steps that are not above 0 are refused")
  void steps() {
    assertThatThrownBy(() -> Step.every(0, 0.1)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Step.at(0, 2)).hasMessageContaining("above 0, got [0, 2]");
  }

  @Test
  @DisplayName("S02 empty warm-ups and ratios outside (0, 1] are refused")
  void warmups() {
    assertThatThrownBy(() -> warmup(0, 0.1)).hasMessageContaining("warmup_iters");
    assertThatThrownBy(() -> warmup(3, 0)).hasMessageContaining("warmup_ratio");
    assertThatThrownBy(() -> warmup(3, 1.5)).hasMessageContaining("warmup_ratio");
  }

  private static Warmup warmup(int length, double ratio) {
    return new Warmup(Warmup.Kind.LINEAR, length, Every.Unit.ITER, ratio);
  }
}
