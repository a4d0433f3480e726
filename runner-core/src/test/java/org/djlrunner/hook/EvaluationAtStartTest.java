package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogRecord;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.WeightAverage;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.djlrunner.testkit.TinyModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluations before anything is trained. */
@DisplayName("V02 evaluation at the start")
class EvaluationAtStartTest {
  private final AtomicLong now = new AtomicLong();
  private final FakeStep step =
      new FakeStep()
          .logging(
              (mode, batch) -> {
                now.addAndGet(mode.equals(Mode.VAL) ? 100_000_000 : 5_000_000);
                return Map.of("loss", Scalar.of(mode.equals(Mode.VAL) ? 7 : 3));
              });
  private final RecordingSink sink = new RecordingSink();

  private EvalHook<FakeBatch> evaluation(EvalSchedule schedule) {
    return new EvalHook<>("", new EvaluationPass<>(step, FakeLoader.of(3)), schedule);
  }

  private RunResult epochs(int epochs, EvalSchedule schedule, Hook... more) {
    var runner = EpochBasedRunner.builder(step, epochs).ticker(now::get).build();
    runner.registerHook(new IterTimerHook());
    runner.registerHook(evaluation(schedule));
    runner.registerHook(sink.everyIteration());
    for (Hook hook : more) {
      runner.registerHook(hook);
    }
    return runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  private List<LogRecord> evaluations() {
    return sink.records().stream().filter(r -> r.mode().equals(Mode.VAL)).toList();
  }

  @Test
  @DisplayName("V02 it comes first, is that of epoch 0, and is logged at once")
  void first() {
    epochs(2, EvalSchedule.from(0, Every.epochs(2)));
    assertThat(step.calls().subList(0, 4))
        .containsExactly("val 0/0", "val 0/1", "val 0/2", "train 0/0");
    assertThat(sink.records().get(0).mode()).isEqualTo(Mode.VAL);
    assertThat(evaluations())
        .extracting(r -> r.epoch() + "/" + r.finishedIters())
        .containsExactly("0/0", "2/4");
    assertThat(evaluations().get(0).values()).containsExactly(entry("loss", 7.0));
  }

  @Test
  @DisplayName("V02 by iterations too, and in the time of no iteration")
  void byIterations() {
    epochs(1, EvalSchedule.from(0, Every.iters(2)));
    assertThat(evaluations())
        .extracting(r -> r.epoch() + "/" + r.finishedIters())
        .containsExactly("0/0", "1/2");
    assertThat(sink.records())
        .filteredOn(r -> r.mode().equals(Mode.TRAIN))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.values().get("time")).isCloseTo(0.005, within(1e-9)));
  }

  @Test
  @DisplayName("V02 training has its own log window and mode as ever")
  void noTrace() {
    epochs(1, EvalSchedule.from(0, Every.epochs(1)));
    assertThat(sink.records())
        .filteredOn(r -> r.mode().equals(Mode.TRAIN))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.values()).containsEntry("loss", 3.0));
    assertThat(step.entered()).isNull();
  }

  @Test
  @DisplayName("V02 in an iteration-based run once, whatever passes follow")
  void iterationBased() {
    var runner = IterBasedRunner.builder(step, 5).build();
    runner.registerHook(evaluation(EvalSchedule.from(0, Every.iters(100))));
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(evaluations()).hasSize(1);
  }

  @Test
  @DisplayName("V02 a run that goes on where one is due begins with it")
  void goesOn() {
    var runner = EpochBasedRunner.builder(step, 4).startAt(3, 6).build();
    runner.registerHook(evaluation(EvalSchedule.from(1, Every.epochs(2))));
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(evaluations()).extracting(LogRecord::epoch).containsExactly(3);
  }

  @Test
  @DisplayName("V02 K05 a resumed run has been evaluated already, and isn't again")
  void resumed(@TempDir Path folder) {
    resumable(folder.resolve("whole"), null);
    assertThat(evaluations()).extracting(LogRecord::epoch).containsExactly(0, 1, 2);
    sink.records().clear();
    resumable(folder.resolve("rest"), folder.resolve("whole/epoch_1.json"));
    assertThat(evaluations()).extracting(LogRecord::epoch).containsExactly(2);
  }

  private void resumable(Path workDir, @Nullable Path checkpoint) {
    TinyModel model = new TinyModel(0.05);
    var builder =
        EpochBasedRunner.builder(model, 2).optimizer(model).checkpointCodec(model).workDir(workDir);
    if (checkpoint != null) {
      builder.resume(checkpoint);
    }
    var runner = builder.build();
    runner.registerHook(new OptimizerHook());
    runner.registerHook(
        new EvalHook<>(
            "",
            new EvaluationPass<>(model, FakeLoader.of(3)),
            EvalSchedule.from(0, Every.epochs(1))));
    runner.registerHook(new CheckpointHook(Every.epochs(1)));
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }

  @Test
  @DisplayName("V02 the average of weights is evaluated, and swapped back before training")
  void averages() {
    int[] swaps = {0};
    WeightAverage average =
        new WeightAverage() {
          @Override
          public void begin() {}

          @Override
          public void update(double rate) {}

          @Override
          public void swap() {
            swaps[0]++;
          }
        };
    epochs(
        1,
        EvalSchedule.from(0, Every.epochs(9)),
        Hook.at(Stage.BEFORE_RUN, context -> context.evaluationWeights().use(average)),
        Hook.at(Stage.BEFORE_TRAIN_ITER, context -> assertThat(swaps[0]).isEqualTo(2)));
    assertThat(swaps[0]).isEqualTo(2);
  }

  @Test
  @DisplayName("V03 a start below 0 and an interval below 1 are refused")
  void refused() {
    assertThatThrownBy(() -> EvalSchedule.from(-1, Every.epochs(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("start must be 0 or more, got -1");
    assertThatThrownBy(() -> EvalSchedule.every(Every.never()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
    assertThat(EvalSchedule.from(0, Every.epochs(2))).hasToString("every 2 epochs from 0 on");
    assertThat(EvalSchedule.every(Every.iters(1))).hasToString("every iteration");
  }
}
