package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.Stage;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of endings in docs/spec.md, ending by ending. */
class TerminationTest {
  private final FakeDevice device = new FakeDevice();
  private final FakeStep step =
      new FakeStep().logging((mode, batch) -> Map.of("loss", device.scalar(1)));
  private final FakeLoader train = FakeLoader.of(3);
  private final FakeLoader val = FakeLoader.of(2);
  private final RecordingHook recording = new RecordingHook();
  private final AtomicLong now = new AtomicLong();

  /** 6 iterations of training in two rounds, each with 2 batches of validation. */
  private Runner<FakeBatch> runner(boolean byEpoch) {
    Runner<FakeBatch> runner =
        byEpoch
            ? settings(EpochBasedRunner.builder(step, 2)).build()
            : settings(IterBasedRunner.builder(step, 6)).build();
    runner.registerHook(recording, Priority.HIGHEST);
    return runner;
  }

  private <R extends Runner<FakeBatch>> RunnerBuilder<FakeBatch, R> settings(
      RunnerBuilder<FakeBatch, R> builder) {
    return builder.ticker(now::get).maxDuration(Duration.ofHours(1));
  }

  private RunResult run(Runner<FakeBatch> runner, boolean byEpoch) {
    Flow training = Flow.train(byEpoch ? 1 : 3);
    Flow validation = Flow.val(byEpoch ? 1 : 2);
    return runner.run(List.of(train, val), Workflow.of(training, validation));
  }

  private int calls(Stage stage) {
    return Collections.frequency(recording.stages(), stage);
  }

  private void assertAllClosed() {
    assertThat(calls(Stage.BEFORE_RUN)).isEqualTo(1);
    assertThat(calls(Stage.AFTER_RUN)).isEqualTo(1);
    assertThat(recording.stages()).endsWith(Stage.AFTER_RUN);
    assertThat(step.openOutputs()).isZero();
    assertThat(train.openPasses() + val.openPasses()).isZero();
    assertThat(train.given()).allMatch(FakeBatch::closed);
    assertThat(device.alive()).isZero();
    assertThat(step.entered()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("R23 a run that reaches its limit calls every stage, and says so")
  void normalEnd(boolean byEpoch) {
    RunResult result = run(runner(byEpoch), byEpoch);
    assertThat(result.stopReason()).isEqualTo(new StopReason.LimitReached());
    assertThat(calls(Stage.AFTER_TRAIN_ITER)).isEqualTo(6);
    assertThat(calls(Stage.AFTER_TRAIN_EPOCH)).isEqualTo(2);
    assertThat(calls(Stage.AFTER_VAL_ITER)).isEqualTo(4);
    assertThat(calls(Stage.AFTER_VAL_EPOCH)).isEqualTo(2);
    assertAllClosed();
  }

  @ParameterizedTest
  @CsvSource({
    "true,  request,   stop requested: enough",
    "false, request,   stop requested: enough",
    "true,  time,      time is up: 1h",
    "false, time,      time is up: 1h",
    "true,  interrupt, interrupted",
    "false, interrupt, interrupted"
  })
  @DisplayName(
      "R08 R23 R24 R25 a run that is stopped ends its iteration and its epoch, and no more")
  void stopped(boolean byEpoch, String how, String reason) {
    Runner<FakeBatch> runner = runner(byEpoch);
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              if (context.progress().iter() == 1) {
                switch (how) {
                  case "request" -> context.requestStop("enough");
                  case "time" -> now.set(Duration.ofHours(1).toNanos());
                  default -> Thread.currentThread().interrupt();
                }
              }
            }));
    runner.registerHook(
        Hook.at(
            Stage.AFTER_RUN,
            context -> assertThat(Thread.currentThread().isInterrupted()).isFalse()));
    RunResult result = run(runner, byEpoch);
    assertThat(result.stopReason()).hasToString(reason);
    assertThat(Thread.interrupted()).isEqualTo(how.equals("interrupt"));
    assertThat(calls(Stage.AFTER_TRAIN_ITER)).isEqualTo(2);
    assertThat(calls(Stage.AFTER_TRAIN_EPOCH)).isEqualTo(1);
    assertThat(calls(Stage.BEFORE_VAL_EPOCH)).isZero();
    assertThat(result.progress().epoch()).isZero();
    assertThat(result.progress().iter()).isEqualTo(2);
    assertAllClosed();
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  @DisplayName("R09 R23 an exception at any stage calls nothing more but after_run, once")
  void failing(Stage stage) {
    for (boolean byEpoch : new boolean[] {true, false}) {
      TerminationTest fresh = new TerminationTest();
      IllegalStateException failure = new IllegalStateException("at " + stage);
      Runner<FakeBatch> runner = fresh.runner(byEpoch);
      List<String> seen = new ArrayList<>();
      runner.registerHook(
          Hook.at(
              stage,
              context -> {
                throw failure;
              }));
      runner.registerHook(
          Hook.at(
              Stage.AFTER_RUN,
              context -> seen.add(context.failure().map(Throwable::getMessage).orElse("none"))),
          Priority.LOWEST);
      assertThatThrownBy(() -> fresh.run(runner, byEpoch)).isSameAs(failure);
      assertThat(seen).containsExactly(stage == Stage.AFTER_RUN ? "none" : "at " + stage);
      List<Stage> called = fresh.recording.stages();
      assertThat(called.indexOf(stage)).isGreaterThanOrEqualTo(called.size() - 2);
      fresh.assertAllClosed();
    }
  }

  @Test
  @DisplayName("R09 R23 an exception in a step is an exception like any other")
  void failingStep() {
    step.logging(
        (mode, batch) -> {
          throw new IllegalStateException("boom");
        });
    assertThatThrownBy(() -> run(runner(true), true)).hasMessage("boom");
    assertThat(recording.lines())
        .containsExactly(
            "before_run 0/0/0",
            "before_train_epoch 0/0/0",
            "before_train_iter 0/0/0",
            "after_run 0/0/0");
    assertAllClosed();
  }

  @Test
  @DisplayName("R24 time counts from the run, and a limit of none is refused")
  void time() {
    now.set(Duration.ofDays(1).toNanos());
    assertThat(run(runner(true), true).stopReason()).isEqualTo(new StopReason.LimitReached());
    assertThatThrownBy(() -> EpochBasedRunner.builder(step, 1).maxDuration(Duration.ZERO))
        .hasMessageContaining("max_duration must be above zero");
  }

  @Test
  @DisplayName("R25 an interrupt before the run keeps it from training")
  void interruptedBefore() {
    Thread.currentThread().interrupt();
    RunResult result = run(runner(true), true);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.stopReason()).isEqualTo(new StopReason.Interrupted());
    assertThat(recording.lines()).containsExactly("before_run 0/0/0", "after_run 0/0/0");
  }

  @Test
  @DisplayName("R08 the first reason counts, whatever its kind")
  void firstReason() {
    Runner<FakeBatch> runner = runner(true);
    runner.requestStop("first");
    Thread.currentThread().interrupt();
    assertThat(run(runner, true).stopReason()).isEqualTo(new StopReason.Requested("first"));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @DisplayName("R06 a workflow that only validates is refused when it is made")
  void validatesOnly() {
    assertThatThrownBy(() -> Workflow.of(Flow.val(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[(val, 1)] never trains");
  }
}
