package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The epoch-based runner, step by step. */
class EpochBasedRunnerTest {
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

  private static EpochBasedRunner<?> run(
      int maxEpochs, Workflow workflow, RecordingHook recording, FakeLoader... loaders) {
    var runner = EpochBasedRunner.builder(new FakeStep(), maxEpochs).build();
    runner.registerHook(recording);
    runner.run(List.of(loaders), workflow);
    return runner;
  }
}
