package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How runs end, and what is left of them. */
class RunnerLifecycleTest {
  private final FakeLoader loader = FakeLoader.of(3);
  private final FakeDevice device = new FakeDevice();
  private final FakeStep step =
      new FakeStep().logging((mode, batch) -> Map.of("loss", device.scalar(1)));
  private final RecordingHook recording = new RecordingHook();

  private RunResult runTwoEpochs(Hook hook) {
    var runner = EpochBasedRunner.builder(step, 2).build();
    runner.registerHook(hook, Priority.HIGH);
    runner.registerHook(recording);
    return runner.run(List.of(loader), Workflow.training());
  }

  private void assertAllClosed() {
    assertThat(step.openOutputs()).as("step outputs").isZero();
    assertThat(loader.openPasses()).as("data passes").isZero();
    assertThat(loader.given()).as("batches").allMatch(FakeBatch::closed);
    assertThat(device.alive()).as("scalars on the device").isZero();
    assertThat(step.entered()).as("mode").isNull();
  }

  @Test
  @DisplayName("R12 a finished run has closed all it opened")
  void normalEnd() {
    RunResult result = runTwoEpochs(new Hook() {});
    assertThat(result.stopReason()).isEqualTo(new StopReason.LimitReached());
    assertAllClosed();
  }

  @Test
  @DisplayName("R08 a stop request ends the run after its iteration, with begun epochs closed")
  void stopRequest() {
    RunResult result =
        runTwoEpochs(
            new Hook() {
              @Override
              public void afterTrainIter(HookContext context) {
                if (context.progress().iter() == 1) {
                  context.requestStop("enough");
                  context.requestStop("too late to matter");
                }
              }
            });
    assertThat(result.stopReason()).isEqualTo(new StopReason.Requested("enough"));
    assertThat(result.progress().epoch()).isZero();
    assertThat(result.progress().iter()).isEqualTo(2);
    assertThat(recording.lines())
        .endsWith("after_train_iter 0/1/1", "after_train_epoch 0/2/1", "after_run 0/2/1");
    assertThat(recording.events())
        .filteredOn(e -> e.stage().toString().equals("after_train_epoch"))
        .allMatch(e -> !e.progress().passComplete());
    assertAllClosed();
  }

  @Test
  @DisplayName("R08 an iteration-based run stops the same way")
  void stopRequestByIterations() {
    var runner = IterBasedRunner.builder(step, 100).build();
    runner.registerHook(recording);
    runner.registerHook(
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            if (context.progress().iter() == 4) {
              runner.requestStop("from outside");
            }
          }
        });
    RunResult result = runner.run(List.of(loader), Workflow.training());
    assertThat(result.stopReason()).isEqualTo(new StopReason.Requested("from outside"));
    assertThat(recording.lines()).endsWith("after_train_epoch 1/5/1", "after_run 1/5/1");
    assertAllClosed();
  }

  @Test
  @DisplayName("R09 an exception comes out as thrown, after_run has been called, all is closed")
  void exception() {
    IllegalStateException failure = new IllegalStateException("boom");
    List<String> seen = new ArrayList<>();
    assertThatThrownBy(
            () ->
                runTwoEpochs(
                    new Hook() {
                      @Override
                      public void afterTrainIter(HookContext context) {
                        if (context.progress().iter() == 4) {
                          throw failure;
                        }
                      }

                      @Override
                      public void afterRun(HookContext context) {
                        seen.add(context.failure().map(Throwable::getMessage).orElse("none"));
                      }
                    }))
        .isSameAs(failure);
    assertThat(recording.lines()).endsWith("before_train_iter 1/4/1", "after_run 1/4/1");
    assertThat(seen).containsExactly("boom");
    assertAllClosed();
  }

  @Test
  @DisplayName("R10 a failing after_run keeps no other from being called")
  void failingAfterRun() {
    Hook failing =
        new Hook() {
          @Override
          public void afterRun(HookContext context) {
            throw new IllegalStateException("cannot close");
          }
        };
    assertThatThrownBy(() -> runTwoEpochs(failing)).hasMessage("cannot close");
    assertThat(recording.lines()).endsWith("after_run 2/6/2");
    assertAllClosed();
  }

  @Test
  @DisplayName("R09 R10 errors in after_run hide neither the first failure nor the other hooks")
  void failingAfterRunOfAFailedRun() {
    IllegalStateException failure = new IllegalStateException("boom");
    Hook failing =
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            throw failure;
          }

          @Override
          public void afterRun(HookContext context) {
            throw new AssertionError("and again");
          }
        };
    assertThatThrownBy(() -> runTwoEpochs(failing))
        .isSameAs(failure)
        .satisfies(e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(AssertionError.class));
    assertThat(recording.lines()).endsWith("after_run 0/0/0");
    assertAllClosed();
  }

  @Test
  @DisplayName("R08 a stop request before the run keeps it from training")
  void stopBeforeTheRun() {
    var runner = EpochBasedRunner.builder(step, 2).build();
    runner.registerHook(recording);
    runner.requestStop("changed my mind");
    RunResult result = runner.run(List.of(loader), Workflow.training());
    assertThat(result.stopReason()).isEqualTo(new StopReason.Requested("changed my mind"));
    assertThat(recording.lines()).containsExactly("before_run 0/0/0", "after_run 0/0/0");
  }

  @Test
  @DisplayName("R11 a runner runs once")
  void once() {
    var runner = EpochBasedRunner.builder(step, 1).build();
    runner.run(List.of(loader), Workflow.training());
    assertThatThrownBy(() -> runner.run(List.of(loader), Workflow.training()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("runs once");
  }

  @Test
  @DisplayName("R12 batch and output are at hand within an iteration only")
  void batchAndOutput() {
    List<String> seen = new ArrayList<>();
    runTwoEpochs(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            seen.add("batch " + ((FakeBatch) context.batch()).index());
            assertThatThrownBy(context::output).hasMessageContaining("no step output here");
          }

          @Override
          public void afterTrainIter(HookContext context) {
            seen.add("samples " + context.output().numSamples());
          }

          @Override
          public void afterTrainEpoch(HookContext context) {
            assertThatThrownBy(context::batch).hasMessageContaining("no batch here");
          }
        });
    assertThat(seen).startsWith("batch 0", "samples 1", "batch 1", "samples 1").hasSize(12);
  }

  @Test
  @DisplayName("R07 loaders that don't fit the workflow are refused with both counts")
  void loaderCount() {
    var runner = EpochBasedRunner.builder(step, 1).build();
    assertThatThrownBy(() -> runner.run(List.of(loader), Workflow.of(Flow.train(1), Flow.val(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[(train, 1), (val, 1)] has 2 flows")
        .hasMessageContaining("got 1");
  }
}
