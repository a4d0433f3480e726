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
  private static final String LIMIT = "max_epochs";

  static Stream<Case> recorded() {
    return Stream.of("trace/epoch_runner.json", "trace/epoch_runner_random.json")
        .flatMap(Vectors::cases)
        .filter(c -> RecordedRun.isExpressible(c, LIMIT))
        // Starting in the middle is resuming, which comes with checkpoints that can be resumed.
        .filter(c -> !RecordedRun.isResumed(c));
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !isRefused(c));
  }

  static Stream<Case> refused() {
    return recorded().filter(EpochTraceVectorsTest::isRefused);
  }

  private static boolean isRefused(Case c) {
    return RecordedRun.isRefusedHereOnly(c, LIMIT)
        || RecordedRun.isRefusedByBoth(c)
        || c.has("raises");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(walked()).hasSize(33);
    assertThat(refused()).hasSize(7);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("walked")
  @DisplayName("R01 R05 stages, counters and batches are MMCV's")
  void walksAsRecorded(Case c) {
    if (RecordedRun.hasUnevenTraining(c)) {
      c.deviation("Q-R4", () -> assertWalked(c));
    } else {
      c.equal(
          () -> {
            RunResult result = assertWalked(c);
            assertThat(result.progress().iter()).isEqualTo(c.at("final").path("max_iters").asInt());
          });
    }
  }

  /** All but MMCV's max_iters; ours is the number of iterations from the start. */
  private static RunResult assertWalked(Case c) {
    FakeStep step = new FakeStep();
    RecordingHook recording = new RecordingHook();
    RunResult result = run(c, step, recording);

    List<String> expectedEvents = new ArrayList<>();
    List<String> expectedSteps = new ArrayList<>();
    for (JsonNode row : c.at("rows")) {
      if (row.get(0).asText().endsWith("_step")) {
        expectedSteps.add(row.get(0).asText().replace("_step", "") + " " + row.get(8).asInt());
      } else {
        expectedEvents.add(
            row.get(0).asText()
                + (" " + row.get(2).asInt() + "/" + row.get(3).asInt() + "/" + row.get(4).asInt())
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
  @DisplayName("R06 R07 R14 what can't be walked is refused before any hook is called")
  void refuses(Case c) {
    if (RecordedRun.isRefusedHereOnly(c, LIMIT)) {
      c.deviation("Q-R8, Q-R10: refused before the run", () -> assertRefused(c));
    } else {
      c.equal(() -> assertRefused(c));
    }
  }

  private static void assertRefused(Case c) {
    RecordingHook recording = new RecordingHook();
    assertThatThrownBy(() -> run(c, new FakeStep(), recording))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(recording.events()).isEmpty();
  }

  private static RunResult run(Case c, FakeStep step, RecordingHook recording) {
    var runner = EpochBasedRunner.builder(step, RecordedRun.limit(c, LIMIT).asInt()).build();
    runner.registerHook(recording);
    return runner.run(RecordedRun.loaders(c), RecordedRun.workflow(c));
  }
}
