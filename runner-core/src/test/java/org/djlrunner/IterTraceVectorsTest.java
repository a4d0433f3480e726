package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
  static Stream<Case> recorded() {
    return Stream.of("trace/iter_runner.json", "trace/iter_runner_random.json")
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
    assertThat(recorded()).hasSize(47);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("walked")
  @DisplayName("R02 R03 R16 batches, passes and iterations are MMCV's, epochs are passes")
  void walksAsRecorded(Case c) {
    c.deviation("Q-R5, Q-R6, Q-R7", () -> assertWalked(c));
  }

  /** Passes are counted from the epoch at the start, MMCV's begin with 0 again. */
  private static void assertWalked(Case c) {
    FakeStep step = new FakeStep();
    RecordingHook recording = new RecordingHook();
    int startEpoch = RecordedRun.start(c, "epoch");
    int startIter = RecordedRun.start(c, "iter");
    RunResult result = RecordedRun.run(c, step, RecordedRun.loaders(c), recording);

    List<String> expectedEvents = new ArrayList<>();
    List<String> expectedSteps = new ArrayList<>();
    for (JsonNode row : c.at("rows")) {
      String event = row.get(0).asText();
      if (event.endsWith("_step")) {
        int pass = startEpoch + row.get(9).asInt();
        expectedSteps.add(event.replace("_step", "") + " " + pass + "/" + row.get(8).asInt());
      } else if (event.endsWith("_iter")) {
        expectedEvents.add(event + " " + row.get(3).asInt());
      }
    }
    assertThat(recording.events())
        .filteredOn(e -> e.stage().toString().endsWith("_iter"))
        .extracting(e -> e.stage() + " " + e.progress().iter())
        .isEqualTo(expectedEvents);
    assertThat(step.calls()).isEqualTo(expectedSteps);
    assertThat(result.progress().iter()).isEqualTo(c.at("final").path("iter").asInt());
    List<Integer> training = RecordedRun.lengths(c, "train");
    if (training.size() == 1) {
      int length = training.get(0);
      int left = Math.max(0, RecordedRun.limit(c).asInt() - startIter);
      assertThat(recording.events())
          .filteredOn(e -> e.stage().toString().equals("before_train_epoch"))
          .extracting(e -> e.progress().epoch() + "/" + e.progress().iter())
          .isEqualTo(
              IntStream.range(0, (left + length - 1) / length)
                  .mapToObj(p -> (startEpoch + p) + "/" + (startIter + p * length))
                  .toList());
    }
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
        .hasMessageMatching("(?s).*(workflow|max_iters|data loader).*");
    assertThat(recording.events()).isEmpty();
  }
}
