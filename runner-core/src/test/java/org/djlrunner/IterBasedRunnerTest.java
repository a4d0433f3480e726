package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The iteration-based runner: MMCV's batches and iterations, epochs that mean something. */
class IterBasedRunnerTest {
  static Stream<Case> recorded() {
    return Stream.of("trace/iter_runner.json", "trace/iter_runner_random.json")
        .flatMap(Vectors::cases)
        .filter(c -> !c.has("start") || c.at("start").at("/iter").asInt() == 0)
        .filter(c -> !c.toString().matches(".*(fractional|nowhere).*"));
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !refused(c));
  }

  static Stream<Case> refusedCases() {
    return recorded().filter(IterBasedRunnerTest::refused);
  }

  private static boolean refused(Case c) {
    return c.has("raises")
        || c.at("truncated").asBoolean()
        || c.toString().matches(".*(empty loader|max_iters zero).*");
  }

  @Test
  void theVectorsAreAllThere() {
    assertThat(walked()).hasSize(36);
    assertThat(refusedCases()).hasSize(5);
  }

  @ParameterizedTest
  @MethodSource("walked")
  @DisplayName("R02 batches, passes and the iteration counter are MMCV's")
  void walksAsRecorded(Case c) {
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
  }

  @ParameterizedTest
  @MethodSource("refusedCases")
  @DisplayName("R06 R07 R14 what can't be walked is refused before any hook is called")
  void refuses(Case c) {
    RecordingHook recording = new RecordingHook();
    assertThatThrownBy(() -> run(c, new FakeStep(), recording))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(recording.events()).isEmpty();
  }

  @Test
  @DisplayName("R03 R04 golden trace C with labels put right: [(train, 2), (val, 1)], 5 iterations")
  void goldenTrace() {
    RecordingHook recording = new RecordingHook();
    var runner = IterBasedRunner.builder(new FakeStep(), 5).build();
    runner.registerHook(recording);
    RunResult result =
        runner.run(
            List.of(FakeLoader.of(3), FakeLoader.of(1)), Workflow.of(Flow.train(2), Flow.val(1)));
    assertThat(recording.lines())
        .containsExactly(
            "before_run 0/0/0",
            "before_train_epoch 0/0/0",
            "before_train_iter 0/0/0",
            "after_train_iter 0/0/0",
            "before_train_iter 0/1/1",
            "after_train_iter 0/1/1",
            "before_val_epoch 0/2/1",
            "before_val_iter 0/2/0",
            "after_val_iter 0/2/0",
            "after_val_epoch 0/2/0",
            "before_train_iter 0/2/2",
            "after_train_iter 0/2/2",
            "after_train_epoch 0/3/2",
            "before_train_epoch 1/3/0",
            "before_train_iter 1/3/0",
            "after_train_iter 1/3/0",
            "before_val_epoch 1/4/0",
            "before_val_iter 1/4/0",
            "after_val_iter 1/4/0",
            "after_val_epoch 1/4/0",
            "before_train_iter 1/4/1",
            "after_train_iter 1/4/1",
            "before_val_epoch 1/5/1",
            "before_val_iter 1/5/0",
            "after_val_iter 1/5/0",
            "after_val_epoch 1/5/0",
            "after_train_epoch 1/5/1",
            "after_run 1/5/1");
    assertThat(result.progress().epoch()).isEqualTo(1);
    assertThat(result.metrics()).containsEntry("loss", 1.0);
  }

  @Test
  @DisplayName("R03 with several train flows the first one's data counts the epochs")
  void epochsFollowTheFirstTrainFlow() {
    RecordingHook recording = new RecordingHook();
    var runner = IterBasedRunner.builder(new FakeStep(), 6).build();
    runner.registerHook(recording);
    runner.run(
        List.of(FakeLoader.of(2), FakeLoader.of(5)), Workflow.of(Flow.train(1), Flow.train(1)));
    assertThat(recording.lines())
        .filteredOn(line -> line.contains("epoch"))
        .containsExactly(
            "before_train_epoch 0/0/0",
            "after_train_epoch 0/3/1",
            "before_train_epoch 1/4/0",
            "after_train_epoch 1/6/2");
  }

  @Test
  @DisplayName("R15 a loader without a known length rolls over where its data ends")
  void unsizedLoader() {
    FakeLoader loader = FakeLoader.unsized(2);
    IterBasedRunner.builder(new FakeStep(), 5).build().run(List.of(loader), Workflow.training());
    assertThat(loader.opened()).containsExactly(0, 1, 2);
    assertThat(loader.openPasses()).isZero();
  }

  private static void run(Case c, FakeStep step, RecordingHook recording) {
    int maxIters =
        c.has("max_iters")
            ? c.at("max_iters").asInt()
            : c.at("run_kwargs").path("max_iters").asInt();
    var runner = IterBasedRunner.builder(step, maxIters).build();
    runner.registerHook(recording);
    runner.run(RecordedRun.loaders(c), RecordedRun.workflow(c));
  }
}
