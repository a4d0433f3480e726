package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.EmaHook;
import org.djlrunner.hook.EmaMomentum;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;
import org.djlrunner.testkit.FakeCodec;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.FakeWeights;
import org.djlrunner.testkit.RecordingHook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The iteration-based runner: MMCV's batches and iterations, epochs that mean something. */
class IterBasedRunnerTest {
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

  @Test
  @DisplayName("R03 A04 schedules, evaluation, averages and checkpoints by epoch work here too")
  void hooksByEpoch(@TempDir Path folder) {
    List<String> seen = new ArrayList<>();
    FakeOptimizer optimizer = new FakeOptimizer(0.1);
    FakeWeights weights = FakeWeights.of(1);
    var runner =
        IterBasedRunner.builder(new FakeStep(), 7)
            .optimizer(optimizer)
            .workDir(folder)
            .checkpointCodec(new FakeCodec())
            .build();
    runner.registerHook(new LrUpdaterHook(new LrSchedule(Step.at(1, 2), Every.Unit.EPOCH)));
    runner.registerHook(new EmaHook(weights, new EmaMomentum.Linear(0.5, 0), 1));
    runner.registerHook(
        new EvalHook<>(
            new FakeStep()
                .logging(
                    (mode, batch) -> {
                      double[] w = weights.model().getOrDefault("w", new double[1]);
                      return Map.of("weight", Scalar.of(w[0]));
                    }),
            FakeLoader.of(1),
            Every.epochs(1)));
    runner.registerHook(new CheckpointHook(Every.epochs(1), false));
    runner.registerHook(
        Hook.at(
            Stage.BEFORE_TRAIN_ITER,
            context -> {
              weights.set(context.progress().iter() + 1);
              seen.add(String.format(Locale.ROOT, "%.3f", optimizer.paramGroups().get(0).lr()));
            }));
    RunResult result = runner.run(List.of(FakeLoader.of(3)), Workflow.training());
    assertThat(seen).containsExactly("0.100", "0.100", "0.100", "0.010", "0.010", "0.010", "0.001");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("epoch_1.txt", "epoch_2.txt", "latest", "checkpoints.json");
    // Evaluated was the average after six iterations, which lags behind the weight of 6.
    assertThat(result.metrics().get("weight")).isBetween(4.0, 5.9);
    assertThat(weights.model().get("w")).containsExactly(7);
  }
}
