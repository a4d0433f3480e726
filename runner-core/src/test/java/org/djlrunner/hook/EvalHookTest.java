package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogRecord;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EvalHookTest {
  private final FakeLoader train = FakeLoader.of(2);
  private final FakeLoader val = FakeLoader.of(3);
  private final FakeStep step =
      new FakeStep()
          .logging(
              (mode, batch) ->
                  mode.equals(Mode.VAL)
                      ? Map.of("accuracy_top-1", Scalar.of(10.0 * batch.index()))
                      : Map.of("loss", Scalar.of(100)));
  private final RecordingSink sink = new RecordingSink();

  private RunResult runEpochs(int epochs, Every interval, Hook... more) {
    var runner = EpochBasedRunner.builder(step, epochs).build();
    runner.registerHook(new EvalHook<>(step, val, interval));
    runner.registerHook(sink.everyIteration());
    for (Hook hook : more) {
      runner.registerHook(hook);
    }
    return runner.run(List.of(train), Workflow.training());
  }

  @Test
  @DisplayName("H06 results are means over the data set, logged at once and in the run's result")
  void results() {
    RunResult result = runEpochs(2, Every.epochs(2));
    assertThat(result.metrics()).containsExactly(entry("accuracy_top-1", 10.0));
    assertThat(sink.records()).filteredOn(r -> r.mode().equals(Mode.VAL)).hasSize(1);
    LogRecord record = sink.records().get(sink.records().size() - 1);
    assertThat(record.values()).containsExactly(entry("accuracy_top-1", 10.0));
    assertThat(record.epoch()).isEqualTo(2);
    assertThat(record.iter()).isEqualTo(3);
  }

  @Test
  @DisplayName("H06 every batch counts, however many there are")
  void manyBatches() {
    FakeLoader many = FakeLoader.of(20_001);
    var runner = EpochBasedRunner.builder(step, 1).build();
    runner.registerHook(new EvalHook<>(step, many, Every.epochs(1)));
    RunResult result = runner.run(List.of(train), Workflow.training());
    assertThat(result.metrics()).containsExactly(entry("accuracy_top-1", 100_000.0));
  }

  @Test
  @DisplayName("H05 evaluation leaves no trace in training")
  void noTrace() {
    RecordingHook recording = new RecordingHook();
    runEpochs(1, Every.iters(1), recording);
    assertThat(recording.lines())
        .containsExactly(
            "before_run 0/0/0",
            "before_train_epoch 0/0/0",
            "before_train_iter 0/0/0",
            "after_train_iter 0/0/0",
            "before_train_iter 0/1/1",
            "after_train_iter 0/1/1",
            "after_train_epoch 0/2/1",
            "after_run 1/2/1");
    assertThat(recording.events()).extracting(RecordingHook.Event::mode).doesNotContain("val");
    assertThat(sink.records())
        .filteredOn(r -> r.mode().equals(Mode.TRAIN))
        .allSatisfy(r -> assertThat(r.values()).containsExactly(entry("loss", 100.0)));
    assertThat(step.entered()).isNull();
    assertThat(step.openOutputs()).isZero();
    assertThat(val.openPasses()).isZero();
    assertThat(val.given()).hasSize(6).allMatch(FakeBatch::closed);
  }

  @Test
  @DisplayName("H06 it runs before the checkpoint of the same epoch, at the default priorities")
  void beforeCheckpoint() {
    List<String> order = new ArrayList<>();
    Hooks hooks = new Hooks();
    Hook checkpoint = new CheckpointHook(Every.epochs(1));
    Hook eval = new EvalHook<>(step, val, Every.epochs(1));
    hooks.add(checkpoint, checkpoint.priority());
    hooks.add(eval, eval.priority());
    hooks.forEach(hook -> order.add(hook.getClass().getSimpleName()));
    assertThat(order).containsExactly("EvalHook", "CheckpointHook");
  }

  @Test
  @DisplayName("H06 an iteration-based run evaluates by epochs and by iterations")
  void iterationBased() {
    var runner = IterBasedRunner.builder(step, 5).build();
    runner.registerHook(new EvalHook<>(step, val, Every.epochs(1)));
    runner.registerHook(new EvalHook<>(step, val, Every.iters(5)));
    runner.run(List.of(train), Workflow.training());
    // Two complete passes of two batches, and once at iteration 5.
    assertThat(step.calls()).filteredOn(call -> call.startsWith("val")).hasSize(9);
  }

  @Test
  @DisplayName("H05 a failing evaluation restores the mode and closes its batch")
  void failure() {
    step.logging(
        (mode, batch) -> {
          if (mode.equals(Mode.VAL) && batch.index() == 1) {
            throw new IllegalStateException("bad image");
          }
          return Map.of();
        });
    assertThatThrownBy(() -> runEpochs(1, Every.epochs(1))).hasMessage("bad image");
    assertThat(val.given()).allMatch(FakeBatch::closed);
    assertThat(val.openPasses()).isZero();
    assertThat(step.entered()).isNull();
  }

  @Test
  @DisplayName("H10 an interval below 1 is refused")
  void interval() {
    assertThatThrownBy(() -> new EvalHook<>(step, val, Every.epochs(0)))
        .hasMessageContaining("at least 1");
  }
}
