package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  @DisplayName("H08 a pass cut short completes no epoch")
  void cutPass() {
    Every everyEpoch = Every.epochs(1);
    assertThat(everyEpoch.isDue(at(0, 5, true))).isTrue();
    assertThat(everyEpoch.isDue(at(0, 5, false))).isFalse();
    assertThat(Every.never().isDue(at(0, 5, true))).isFalse();
    assertThat(Every.iters(3).isDue(at(0, 5, false))).isTrue();
  }

  @Test
  @DisplayName("R13 intervals read as people say them")
  void intervals() {
    assertThat(Every.epochs(1)).hasToString("every epoch");
    assertThat(Every.iters(500)).hasToString("every 500 iterations");
    assertThat(Every.never()).hasToString("never");
  }

  private static Progress at(int epoch, int iter, boolean passComplete) {
    return new Progress(
        epoch,
        iter,
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        passComplete);
  }
}
