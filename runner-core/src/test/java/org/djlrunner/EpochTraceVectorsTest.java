package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The epoch-based runner against the traces recorded from MMCV. */
@ExtendWith(VectorTally.class)
class EpochTraceVectorsTest {
  static Stream<Case> recorded() {
    return Stream.of("trace/epoch_runner.json", "trace/epoch_runner_random.json")
        .flatMap(Vectors::cases);
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !RecordedRun.isRefused(c));
  }

  static Stream<Case> refused() {
    return recorded().filter(RecordedRun::isRefused);
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(54);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("walked")
  @DisplayName("R01 R05 R16 stages, counters and batches are MMCV's, from any start")
  void walksAsRecorded(Case c) {
    if (RecordedRun.isPlannedElsewise(c)) {
      c.deviation("Q-R4", () -> assertWalked(c));
    } else if (RecordedRun.start(c, "inner_iter") != 0) {
      c.deviation("Q-R31", () -> assertWalked(c));
    } else {
      c.equal(
          () -> {
            RunResult result = assertWalked(c);
            for (JsonNode row : c.at("rows")) {
              assertThat(row.get(6).asInt()).isEqualTo(result.progress().iter());
            }
          });
    }
  }

  /**
   * All but MMCV's max_iters; ours is what the run will have done, from the start. A run begins
   * with the first batch of a pass, whatever inner_iter it ended with before.
   */
  private static RunResult assertWalked(Case c) {
    FakeStep step = new FakeStep();
    RecordingHook recording = new RecordingHook();
    RunResult result = RecordedRun.run(c, step, RecordedRun.loaders(c), recording);

    List<String> expectedEvents = new ArrayList<>();
    List<String> expectedSteps = new ArrayList<>();
    boolean fetched = false;
    for (JsonNode row : c.at("rows")) {
      fetched |= row.get(0).asText().endsWith("_iter");
      if (row.get(0).asText().endsWith("_step")) {
        expectedSteps.add(row.get(0).asText().replace("_step", "") + " " + row.get(8).asInt());
      } else {
        expectedEvents.add(
            row.get(0).asText()
                + (" "
                    + row.get(2).asInt()
                    + "/"
                    + row.get(3).asInt()
                    + "/"
                    + (fetched ? row.get(4).asInt() : 0))
                + (row.get(1).isNull() ? "" : " " + row.get(1).asText()));
      }
    }
    assertThat(recording.events())
        .extracting(e -> e + (e.mode().equals("none") ? "" : " " + e.mode()))
        .isEqualTo(expectedEvents);
    assertThat(step.calls())
        .extracting(call -> call.replaceFirst("\\d+/", ""))
        .isEqualTo(expectedSteps);
    assertThat(result.progress().epoch()).isEqualTo(c.at("final").path("epoch").asInt());
    assertThat(result.progress().iter()).isEqualTo(c.at("final").path("iter").asInt());
    assertThat(recording.events())
        .extracting(e -> e.progress().maxIters())
        .containsOnly(OptionalInt.of(result.progress().iter()));
    return result;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("refused")
  @DisplayName("R06 R07 R14 C01 what can't be walked is refused before any hook is called")
  void refuses(Case c) {
    if (RecordedRun.isRefusedByBoth(c)) {
      c.equal(() -> assertRefused(c));
    } else {
      c.deviation("Q-R8, Q-R10, limits: refused before the run", () -> assertRefused(c));
    }
  }

  private static void assertRefused(Case c) {
    RecordingHook recording = new RecordingHook();
    assertThatThrownBy(() -> RecordedRun.run(c, new FakeStep(), RecordedRun.loaders(c), recording))
        .isInstanceOf(RuntimeException.class)
        .hasMessageMatching("(?s).*(workflow|max_epochs|data loader).*");
    assertThat(recording.events()).isEmpty();
  }
}
