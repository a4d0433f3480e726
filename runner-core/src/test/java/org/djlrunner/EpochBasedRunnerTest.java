package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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

/** The epoch-based runner against the traces recorded from MMCV. */
class EpochBasedRunnerTest {
  static Stream<Case> recorded() {
    return Stream.of("trace/epoch_runner.json", "trace/epoch_runner_random.json")
        .flatMap(Vectors::cases)
        // Starting in the middle is resuming, which comes with checkpoints that can be resumed.
        .filter(c -> !c.has("start") || c.at("start").at("/epoch").asInt() == 0)
        // Java's types leave no way to write these down.
        .filter(c -> !c.toString().matches(".*(fractional|not a string|three items|nowhere).*"));
  }

  static Stream<Case> walked() {
    return recorded().filter(c -> !refused(c));
  }

  static Stream<Case> refusedCases() {
    return recorded().filter(EpochBasedRunnerTest::refused);
  }

  /** Inputs with which MMCV fails, never ends, or trains on nothing. */
  private static boolean refused(Case c) {
    return c.has("raises")
        || c.at("truncated").asBoolean()
        || c.toString().matches(".*(negative|empty train loader|max_epochs zero).*");
  }

  @Test
  void theVectorsAreAllThere() {
    assertThat(walked()).hasSize(33);
    assertThat(refusedCases()).hasSize(7);
  }

  @ParameterizedTest
  @MethodSource("walked")
  @DisplayName("R01 R05 stages, counters and batches are MMCV's")
  void walksAsRecorded(Case c) {
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
  @DisplayName("R01 golden trace A: [(train, 2), (val, 1)], 3 epochs of 2 batches, 1 to validate")
  void goldenTrace() {
    RecordingHook recording = new RecordingHook();
    EpochBasedRunner<?> runner =
        run(
            3,
            Workflow.of(Flow.train(2), Flow.val(1)),
            recording,
            FakeLoader.of(2),
            FakeLoader.of(1));
    assertThat(runner).isNotNull();
    assertThat(recording.lines())
        .containsExactly(
            "before_run 0/0/0",
            "before_train_epoch 0/0/0",
            "before_train_iter 0/0/0",
            "after_train_iter 0/0/0",
            "before_train_iter 0/1/1",
            "after_train_iter 0/1/1",
            "after_train_epoch 0/2/1",
            "before_train_epoch 1/2/1",
            "before_train_iter 1/2/0",
            "after_train_iter 1/2/0",
            "before_train_iter 1/3/1",
            "after_train_iter 1/3/1",
            "after_train_epoch 1/4/1",
            "before_val_epoch 2/4/1",
            "before_val_iter 2/4/0",
            "after_val_iter 2/4/0",
            "after_val_epoch 2/4/0",
            "before_train_epoch 2/4/0",
            "before_train_iter 2/4/0",
            "after_train_iter 2/4/0",
            "before_train_iter 2/5/1",
            "after_train_iter 2/5/1",
            "after_train_epoch 2/6/1",
            "before_val_epoch 3/6/1",
            "before_val_iter 3/6/0",
            "after_val_iter 3/6/0",
            "after_val_epoch 3/6/0",
            "after_run 3/6/0");
  }

  @Test
  @DisplayName("R05 train flows of different length: max_iters is their sum from the start")
  void maxItersIsTheSum() {
    RecordingHook recording = new RecordingHook();
    run(
        3,
        Workflow.of(Flow.train(1), Flow.train(1)),
        recording,
        FakeLoader.of(2),
        FakeLoader.of(1));
    assertThat(recording.events())
        .extracting(e -> e.progress().maxIters())
        .containsOnly(OptionalInt.of(5));
  }

  @Test
  @DisplayName("R15 a loader without a known length ends its epochs by itself")
  void unsizedLoader() {
    RecordingHook recording = new RecordingHook();
    run(2, Workflow.training(), recording, FakeLoader.unsized(3));
    assertThat(recording.lines()).endsWith("after_train_epoch 1/6/2", "after_run 2/6/2");
    assertThat(recording.events())
        .extracting(e -> e.progress().maxIters())
        .containsOnly(OptionalInt.empty());
  }

  private static RunResult run(Case c, FakeStep step, RecordingHook recording) {
    int maxEpochs =
        c.has("max_epochs")
            ? c.at("max_epochs").asInt()
            : c.at("run_kwargs").path("max_epochs").asInt();
    var runner = EpochBasedRunner.builder(step, maxEpochs).build();
    runner.registerHook(recording);
    return runner.run(RecordedRun.loaders(c), RecordedRun.workflow(c));
  }

  private static EpochBasedRunner<?> run(
      int maxEpochs, Workflow workflow, RecordingHook recording, FakeLoader... loaders) {
    var runner = EpochBasedRunner.builder(new FakeStep(), maxEpochs).build();
    runner.registerHook(recording);
    runner.run(List.of(loaders), workflow);
    return runner;
  }
}
