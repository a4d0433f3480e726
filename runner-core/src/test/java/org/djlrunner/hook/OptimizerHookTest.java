package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OptimizerHookTest {
  private final FakeStep step = new FakeStep();
  private final FakeOptimizer optimizer = new FakeOptimizer(0.1);

  private static void run(
      RunnerBuilder<FakeBatch, EpochBasedRunner<FakeBatch>> builder, Hook... hooks) {
    EpochBasedRunner<FakeBatch> runner = builder.build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
  }

  @Test
  @DisplayName("H04 zero, backward, step; nothing is clipped unless asked")
  void update() {
    run(EpochBasedRunner.builder(step, 1).optimizer(optimizer), new OptimizerHook());
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "step");
    assertThat(step.backwards()).isEqualTo(1);
  }

  @Test
  @DisplayName("H04 clipping comes before the step, and the norm before it is logged")
  void clip() {
    RecordingSink sink = new RecordingSink();
    run(
        EpochBasedRunner.builder(step, 1).optimizer(optimizer),
        new OptimizerHook(new GradClip(35)),
        sink.everyIteration());
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "clip 35.0 2.0", "step");
    assertThat(sink.records().get(0).values()).containsEntry("grad_norm", 3.0);
  }

  @Test
  @DisplayName("H04 several optimizers are all updated, their norms logged by name")
  void severalOptimizers() {
    RecordingSink sink = new RecordingSink();
    FakeOptimizer second = new FakeOptimizer(0.2);
    run(
        EpochBasedRunner.builder(step, 1).optimizer("gen", optimizer).optimizer("dis", second),
        new OptimizerHook(new GradClip(1)),
        sink.everyIteration());
    assertThat(step.backwards()).isEqualTo(1);
    assertThat(second.calls()).contains("step");
    assertThat(sink.records().get(0).values()).containsKeys("grad_norm/gen", "grad_norm/dis");
    assertThat(sink.records().get(0).learningRates())
        .isEqualTo(Map.of("gen", List.of(0.1), "dis", List.of(0.2)));
  }

  @Test
  @DisplayName("H10 without an optimizer it says so before training")
  void noOptimizer() {
    assertThatThrownBy(() -> run(EpochBasedRunner.builder(step, 1), new OptimizerHook()))
        .hasMessageContaining("give the runner an optimizer");
    assertThat(step.calls()).isEmpty();
  }

  @Test
  @DisplayName("H10 a step without a loss is reported with what to do")
  void noLoss() {
    ModelStep<FakeBatch> lossless =
        new ModelStep<>() {
          @Override
          public StepOutput trainStep(FakeBatch batch, StepContext context) {
            return new StepOutput(null, Map.of("x", Scalar.of(1)), 1, () -> {});
          }

          @Override
          public StepOutput valStep(FakeBatch batch, StepContext context) {
            return trainStep(batch, context);
          }

          @Override
          public Scope enter(Mode mode) {
            return () -> {};
          }
        };
    assertThatThrownBy(
            () ->
                run(
                    EpochBasedRunner.builder(lossless, 1).optimizer(optimizer),
                    new OptimizerHook()))
        .hasMessageContaining("returned no loss");
  }

  @Test
  @DisplayName("H10 bounds and norms that make no sense are refused")
  void clipOptions() {
    assertThatThrownBy(() -> new GradClip(-1)).hasMessageContaining("max_norm");
    assertThatThrownBy(() -> new GradClip(Double.NaN)).hasMessageContaining("max_norm");
    assertThatThrownBy(() -> new GradClip(1, 0)).hasMessageContaining("norm_type");
  }
}
