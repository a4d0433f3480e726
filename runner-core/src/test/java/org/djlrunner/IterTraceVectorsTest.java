package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
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

/** The iteration-based runner: MMCV's batches and iterations, epochs that mean something. */
@ExtendWith(VectorTally.class)
class IterTraceVectorsTest {
  private static final String LIMIT = "max_iters";

  static Stream<Case> recorded() {
    return Stream.of("trace/iter_runner.json", "trace/iter_runner_random.json")
        .flatMap(Vectors::cases)
        .filter(c -> RecordedRun.isExpressible(c, LIMIT))
        // Starting in the middle is resuming, which comes with checkpoints that can be resumed.
        .filter(c -> c.at("start").path("iter").asInt() == 0);
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !isRefused(c));
  }

  static Stream<Case> refused() {
    return recorded().filter(IterTraceVectorsTest::isRefused);
  }

  private static boolean isRefused(Case c) {
    return RecordedRun.isRefusedHereOnly(c, LIMIT)
        || RecordedRun.isRefusedByBoth(c)
        || c.has("raises");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(walked()).hasSize(36);
    assertThat(refused()).hasSize(5);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("walked")
  @DisplayName("R02 R03 batches, passes and the iteration counter are MMCV's, epochs are passes")
  void walksAsRecorded(Case c) {
    c.deviation("Q-R5, Q-R6, Q-R7", () -> assertWalked(c));
  }

  private static void assertWalked(Case c) {
    FakeStep step = new FakeStep();
    RecordingHook recording = new RecordingHook();
    run(c, step, recording);

    List<String> expectedEvents = new ArrayList<>();
    List<String> expectedSteps = new ArrayList<>();
    for (JsonNode row : c.at("rows")) {
      String event = row.get(0).asText();
      if (event.endsWith("_step")) {
        expectedSteps.add(
            event.replace("_step", "") + " " + row.get(9).asInt() + "/" + row.get(8).asInt());
      } else if (event.endsWith("_iter")) {
        expectedEvents.add(event + " " + row.get(3).asInt());
      }
    }
    assertThat(recording.events())
        .filteredOn(e -> e.stage().toString().endsWith("_iter"))
        .extracting(e -> e.stage() + " " + e.progress().iter())
        .isEqualTo(expectedEvents);
    assertThat(step.calls()).isEqualTo(expectedSteps);
    List<Integer> training = RecordedRun.lengths(c, "train");
    if (training.size() == 1) {
      int length = training.get(0);
      int passes = (RecordedRun.limit(c, LIMIT).asInt() + length - 1) / length;
      assertThat(recording.events())
          .filteredOn(e -> e.stage().toString().equals("before_train_epoch"))
          .extracting(e -> e.progress().epoch() + "/" + e.progress().iter())
          .isEqualTo(
              Stream.iterate(0, p -> p + 1).limit(passes).map(p -> p + "/" + p * length).toList());
    }
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
    var runner = IterBasedRunner.builder(step, RecordedRun.limit(c, LIMIT).asInt()).build();
    runner.registerHook(recording);
    return runner.run(RecordedRun.loaders(c), RecordedRun.workflow(c));
  }
}
