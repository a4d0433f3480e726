package org.djlrunner.djl.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which iterations a schedule records, as PyTorch's does. */
class ProfileScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 1, 0, SSSSSSSSSSSS",
    "0, 1, 1, 2, 0, .wRS.wRS.wRS",
    "0, 1, 1, 2, 2, .wRS.wRS....",
    "3, 0, 1, 1, 1, ...wS.......",
    "0, 2, 0, 3, 1, ..RRS.......",
  })
  @DisplayName("H17 rounds wait, warm up and record; the last iteration of each is saved")
  void rounds(int skipFirst, int wait, int warmup, int active, int repeat, String expected) {
    ProfileSchedule schedule = new ProfileSchedule(skipFirst, wait, warmup, active, repeat);
    assertThat(
            IntStream.range(0, 12)
                .mapToObj(
                    step ->
                        switch (schedule.action(step)) {
                          case NONE -> ".";
                          case WARMUP -> "w";
                          case RECORD -> "R";
                          case RECORD_AND_SAVE -> "S";
                        })
                .collect(Collectors.joining()))
        .isEqualTo(expected);
  }

  @Test
  @DisplayName("H18 rounds that record nothing and negative counts are refused")
  void refused() {
    assertThatThrownBy(() -> new ProfileSchedule(0, 0, 0, 0, 0))
        .hasMessage("active must be at least 1, got 0");
    assertThatThrownBy(() -> new ProfileSchedule(0, -1, 0, 1, 0)).hasMessageContaining("wait");
  }
}
