package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Suggestions for misspelt names. */
class NearNamesTest {

  private static final List<String> KNOWN =
      List.of("lr", "momentum", "weight_decay", "CheckpointHook", "EvalHook", "TextLoggerHook");

  @ParameterizedTest
  @CsvSource({
    "momentun,momentum",
    "moemntum,momentum",
    "momentu,momentum",
    "LR,lr",
    "rl,lr",
    "weightDecay,weight_decay",
    "checkpointhook,CheckpointHook",
    "Checkpoint,CheckpointHook",
    "TextLogerHook,TextLoggerHook"
  })
  void nearNamesAreFound(String seen, String meant) {
    assertThat(NearNames.nearest(seen, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"zz", "nesterov", "TestHook", "x"})
  void farNamesAreNot(String seen) {
    assertThat(NearNames.nearest(seen, KNOWN)).isEmpty();
    assertThat(NearNames.suggestion(seen, KNOWN)).isEmpty();
  }

  @Test
  void theFirstOfEquallyNearNamesIsTaken() {
    assertThat(NearNames.suggestion("abx", List.of("aby", "abz")))
        .isEqualTo(", did you mean 'aby'?");
  }
}
