package org.djlrunner.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.RunResult;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.StopReason;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.Stage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every hook keeps, ours and yours: implement this interface in a test class of your hook.
 *
 * <p>The runs have two epochs of three batches, each with two batches of validation behind it, one
 * optimizer, a work folder, and everything faked.
 */
public interface HookContract {
  /** A new hook. */
  Hook createHook();

  /** Prepares what a run of this hook needs besides; by default nothing. */
  default <R extends Runner<FakeBatch>> RunnerBuilder<FakeBatch, R> prepare(
      RunnerBuilder<FakeBatch, R> builder) {
    return builder;
  }

  /** What becomes of a run, with the hook in it. */
  final class Trial {
    private final HookContract contract;
    private final Path folder;
    private final FakeDevice device = new FakeDevice();
    private final FakeStep step =
        new FakeStep().logging((mode, batch) -> Map.of("loss", device.scalar(1)));
    private final FakeLoader train = FakeLoader.of(3);
    private final FakeLoader val = FakeLoader.of(2);

    private Trial(HookContract contract, Path folder) {
      this.contract = contract;
      this.folder = folder;
    }

    private <R extends Runner<FakeBatch>> RunnerBuilder<FakeBatch, R> settings(
        RunnerBuilder<FakeBatch, R> builder) {
      return contract.prepare(
          builder
              .optimizer(new FakeOptimizer(0.1))
              .workDir(folder)
              .checkpointCodec(new FakeCodec())
              .snapshots(new FakeSnapshots()));
    }

    private RunResult run(boolean byEpoch, int startEpoch, Hook... hooks) {
      Runner<FakeBatch> runner =
          byEpoch
              ? settings(EpochBasedRunner.builder(step, 2))
                  .startAt(startEpoch, 3 * startEpoch)
                  .build()
              : settings(IterBasedRunner.builder(step, 6))
                  .startAt(startEpoch, 3 * startEpoch)
                  .build();
      for (Hook hook : hooks) {
        runner.registerHook(hook);
      }
      return runner.run(
          List.of(train, val),
          byEpoch
              ? Workflow.of(Flow.train(1), Flow.val(1))
              : Workflow.of(Flow.train(3), Flow.val(2)));
    }

    private void assertAllClosed() {
      assertThat(step.openOutputs()).as("step outputs").isZero();
      assertThat(train.openPasses() + val.openPasses()).as("data passes").isZero();
      assertThat(device.alive()).as("scalars on the device").isZero();
      assertThat(step.entered()).as("mode").isNull();
    }
  }

  @Test
  @DisplayName("H13 it is constructed, and tells its stages and its place")
  default void constructed() {
    Hook hook = createHook();
    assertThat(hook.triggeredStages()).isNotEmpty();
    assertThat(hook.priority().value()).isBetween(0, 100);
    assertThat(createHook()).isNotSameAs(hook);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("H13 the same object serves two runs, one after the other")
  default void runsTwice(boolean byEpoch, @TempDir Path folder) {
    Hook hook = createHook();
    for (int run = 0; run < 2; run++) {
      Trial trial = new Trial(this, folder);
      RunResult result = trial.run(byEpoch, 0, hook);
      assertThat(result.stopReason()).isEqualTo(new StopReason.LimitReached());
      assertThat(result.progress().iter()).isEqualTo(6);
      assertThat(result.progress().epoch()).isEqualTo(2);
      trial.assertAllClosed();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("H13 a run after a failed one is a run like any other")
  default void runsAfterFailure(boolean byEpoch, @TempDir Path folder) {
    Hook hook = createHook();
    Hook failing =
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              if (context.progress().iter() == 1) {
                throw new IllegalStateException("boom");
              }
            });
    assertThatThrownBy(() -> new Trial(this, folder).run(byEpoch, 0, hook, failing))
        .hasMessage("boom");
    Trial trial = new Trial(this, folder);
    assertThat(trial.run(byEpoch, 0, hook).progress().iter()).isEqualTo(6);
    trial.assertAllClosed();
  }

  @Test
  @DisplayName("H13 closing it twice does nothing the second time")
  default void closesTwice(@TempDir Path folder) {
    Hook hook = createHook();
    Trial trial = new Trial(this, folder);
    Hook again =
        new Hook() {
          @Override
          public void afterRun(HookContext context) {
            String[] before = folder.toFile().list();
            hook.afterRun(context);
            assertThat(folder.toFile().list()).isEqualTo(before);
          }

          @Override
          public Priority priority() {
            return Priority.LOWEST;
          }
        };
    assertThat(trial.run(true, 0, hook, again).progress().iter()).isEqualTo(6);
    trial.assertAllClosed();
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  @DisplayName("H13 it stands an exception at any stage: that comes out, and all is closed")
  default void standsExceptions(Stage stage, @TempDir Path folder) {
    for (boolean byEpoch : new boolean[] {true, false}) {
      IllegalStateException failure = new IllegalStateException("at " + stage);
      Hook failing =
          Hook.at(
              stage,
              context -> {
                throw failure;
              });
      Trial trial = new Trial(this, folder);
      assertThatThrownBy(() -> trial.run(byEpoch, 0, createHook(), failing))
          .isSameAs(failure)
          .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
      trial.assertAllClosed();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("H13 R16 it serves a run that goes on from counters of its own")
  default void resumes(boolean byEpoch, @TempDir Path folder) {
    Trial trial = new Trial(this, folder);
    RunResult result = trial.run(byEpoch, 1, createHook());
    assertThat(result.progress().iter()).isEqualTo(6);
    assertThat(result.progress().epoch()).isEqualTo(2);
    trial.assertAllClosed();
  }
}
