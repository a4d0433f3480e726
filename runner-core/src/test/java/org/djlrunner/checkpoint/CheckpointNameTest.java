package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointNameTest {
  @ParameterizedTest
  @CsvSource({
    "epoch_{}.pth, epoch_7",
    "ckpt-{}.pt, ckpt-7",
    "b_{}_.pth, b_7_",
    "{}, 7",
    "v1.5_{}, v1.5_7",
    "v1.5_{}.safetensors, v1.5_7",
    "x_{}.5, x_7.5"
  })
  @DisplayName("K11 a template has one place for the count; its ending gives way to the format's")
  void names(String template, String name) {
    assertThat(new CheckpointName(template).of(7)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"same.pth", "{}_{}.pth", "", "a/{}.pth", "..\\{}", ".{}", "best_{}.pth", "{0}"})
  @DisplayName("K11 other templates are refused")
  void refused(String template) {
    assertThatThrownBy(() -> new CheckpointName(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + template + "'");
  }
}
