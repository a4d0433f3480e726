package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientAccumulationTest {
  private final FakeStep step = new FakeStep();
  private final FakeOptimizer optimizer = new FakeOptimizer(0.1);

  private static UpdateSettings every(int iters) {
    return UpdateSettings.PLAIN.cumulativeIters(iters);
  }

  private Runner<FakeBatch> epochs(int epochs, Hook... hooks) {
    return with(EpochBasedRunner.builder(step, epochs).optimizer(optimizer).build(), hooks);
  }

  private Runner<FakeBatch> iters(int iters, Hook... hooks) {
    return with(IterBasedRunner.builder(step, iters).optimizer(optimizer).build(), hooks);
  }

  private static Runner<FakeBatch> with(Runner<FakeBatch> runner, Hook... hooks) {
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    return runner;
  }

  /** Notes in which iteration steps happened, by the optimizer's calls; -1 for after an epoch. */
  private final class StepWatch implements Hook {
    private final List<Integer> stepped = new ArrayList<>();
    private long steps;

    @Override
    public void afterTrainIter(HookContext context) {
      note(context.progress().iter());
    }

    @Override
    public void afterTrainEpoch(HookContext context) {
      note(-1);
    }

    private void note(int where) {
      long now = optimizer.calls().stream().filter("step"::equals).count();
      if (now > steps) {
        stepped.add(where);
      }
      steps = now;
    }
  }

  @Test
  @DisplayName("U01 a window of equal batches steps once, with the mean gradient")
  void window() {
    step.samples(4);
    epochs(1, new OptimizerHook(every(2))).run(List.of(FakeLoader.of(4)), Workflow.training());
    assertThat(step.backwardScales()).containsExactly(1.0, 1.0, 1.0, 1.0);
    assertThat(optimizer.calls())
        .containsExactly(
            "zeroGrad",
            "keepGrad",
            "scale 0.5",
            "step",
            "zeroGrad",
            "keepGrad",
            "scale 0.5",
            "step");
  }

  @Test
  @DisplayName("U01 a batch weighs as much as it has samples, as in one large batch")
  void weights() {
    int[] samples = {4, 2, 1};
    double[] gradients = {3, -5, 11};
    step.samples(batch -> samples[batch.index()]);
    epochs(1, new OptimizerHook(every(3))).run(List.of(FakeLoader.of(3)), Workflow.training());
    double sum = 0;
    for (int i = 0; i < samples.length; i++) {
      sum += step.backwardScales().get(i) * gradients[i];
    }
    String scaling = optimizer.calls().get(3);
    assertThat(scaling).startsWith("scale ");
    assertThat(sum * Double.parseDouble(scaling.substring("scale ".length())))
        .isCloseTo((4 * 3.0 - 2 * 5.0 + 11.0) / 7, org.assertj.core.data.Offset.offset(1e-12));
  }

  @Test
  @DisplayName("U01 windows of one iteration neither weigh nor scale")
  void windowsOfOne() {
    step.samples(4);
    epochs(1, new OptimizerHook(every(1))).run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(step.backwardScales()).containsExactly(1.0, 1.0);
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "step", "zeroGrad", "step");
  }

  @Test
  @DisplayName("U02 no window crosses the end of a pass; its tail is a window of its own")
  void passEnd() {
    StepWatch watch = new StepWatch();
    epochs(2, new OptimizerHook(every(2)), watch)
        .run(List.of(FakeLoader.of(3)), Workflow.training());
    assertThat(watch.stepped).containsExactly(1, 2, 4, 5);
    assertThat(optimizer.calls().subList(3, 6))
        .as("the tail of the first pass")
        .containsExactly("step", "zeroGrad", "step");
  }

  @Test
  @DisplayName("U02 a pass of unknown length ends its window after the epoch")
  void unknownLength() {
    StepWatch watch = new StepWatch();
    epochs(2, new OptimizerHook(every(2)), watch)
        .run(List.of(FakeLoader.unsized(3)), Workflow.training());
    assertThat(watch.stepped).containsExactly(1, -1, 4, -1);
  }

  @Test
  @DisplayName("U02 the run's last iteration ends its window")
  void runEnd() {
    StepWatch watch = new StepWatch();
    iters(5, new OptimizerHook(every(2)), watch)
        .run(List.of(FakeLoader.of(100)), Workflow.of(Flow.train(3)));
    assertThat(watch.stepped).containsExactly(1, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("U02 a requested stop leaves the window open, for a run that resumes")
  void stop(boolean byEpoch) {
    Hook stopper =
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            if (context.progress().iter() == 2) {
              context.requestStop("enough");
            }
          }
        };
    OptimizerHook hook = new OptimizerHook(every(2));
    (byEpoch ? epochs(9, hook, stopper) : iters(90, hook, stopper))
        .run(List.of(FakeLoader.of(10)), Workflow.training());
    assertThat(optimizer.calls())
        .containsExactly("zeroGrad", "keepGrad", "scale 0.5", "step", "zeroGrad", "keepGrad");
    assertThat(hook.state())
        .containsEntry("window", Map.of("iterations", 1, "first_samples", 1, "samples", 1));
  }

  @Test
  @DisplayName("U02 a run that fails within a window doesn't step")
  void failure() {
    Hook failing =
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            throw new IllegalStateException("broken");
          }
        };
    Runner<FakeBatch> runner = epochs(1, new OptimizerHook(every(2)), failing);
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(4)), Workflow.training()))
        .hasMessage("broken");
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "keepGrad");
  }

  @Test
  @DisplayName("U03 the norm is logged where a step happens, clipped after the mean is taken")
  void norm() {
    RecordingSink sink = new RecordingSink();
    epochs(1, new OptimizerHook(every(2).clip(new GradClip(5))), sink.everyIteration())
        .run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(optimizer.calls())
        .containsExactly("zeroGrad", "keepGrad", "scale 0.5", "clip 5.0 2.0", "step");
    assertThat(sink.records().get(0).values()).doesNotContainKey("grad_norm");
    assertThat(sink.records().get(1).values()).containsEntry("grad_norm", 3.0);
  }

  @Test
  @DisplayName("U03 clipping by value bounds elements and logs no norm")
  void clipValue() {
    RecordingSink sink = new RecordingSink();
    epochs(1, new OptimizerHook(new ValueClip(0.25)), sink.everyIteration())
        .run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "clipValue 0.25", "step");
    assertThat(sink.records().get(0).values()).doesNotContainKey("grad_norm");
  }

  @Test
  @DisplayName("U01 several optimizers share the windows; no flag is read or left on the device")
  void severalOptimizers() {
    FakeDevice device = new FakeDevice();
    FakeOptimizer second = new FakeOptimizer(0.2).finite(() -> device.scalar(1));
    optimizer.finite(() -> device.scalar(1));
    with(
            EpochBasedRunner.builder(step, 1)
                .optimizer("gen", optimizer)
                .optimizer("dis", second)
                .build(),
            new OptimizerHook(every(2)))
        .run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(second.calls())
        .isEqualTo(optimizer.calls())
        .containsExactly("zeroGrad", "keepGrad", "scale 0.5", "step");
    assertThat(device.alive()).isZero();
    assertThat(device.copies()).isZero();
  }

  @Test
  @DisplayName("U01 a window has at least one iteration, a bound is not negative")
  void refused() {
    assertThatThrownBy(() -> every(0)).hasMessageContaining("cumulative_iters");
    assertThatThrownBy(() -> new ValueClip(-1)).hasMessageContaining("clip_value");
  }
}
