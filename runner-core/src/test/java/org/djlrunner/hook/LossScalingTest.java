package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.Workflow;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LossScalingTest {
  private final FakeStep step = new FakeStep();
  private final FakeDevice device = new FakeDevice();
  private final FakeOptimizer optimizer = new FakeOptimizer(0.1);
  private final SkipWatch watch = new SkipWatch();

  /** Notes what the context says of each update, and the meta data at the end. */
  private static final class SkipWatch implements Hook {
    private final List<Boolean> skipped = new ArrayList<>();
    private Map<String, Object> meta = Map.of();

    @Override
    public void afterTrainIter(HookContext context) {
      skipped.add(context.stepSkipped());
    }

    @Override
    public void afterRun(HookContext context) {
      meta = context.meta();
    }
  }

  /** Lets the flags of the next scalings be these, each on the device. */
  private static FakeOptimizer flags(FakeOptimizer optimizer, FakeDevice device, double... flags) {
    Deque<Scalar> left = new ArrayDeque<>();
    for (double flag : flags) {
      left.add(device.scalar(flag));
    }
    return optimizer.finite(left::removeFirst);
  }

  private void run(UpdateSettings settings, int iters, Hook... more) {
    run(EpochBasedRunner.builder(step, 1).optimizer(optimizer), settings, iters, more);
  }

  private void run(
      RunnerBuilder<FakeBatch, EpochBasedRunner<FakeBatch>> builder,
      UpdateSettings settings,
      int iters,
      Hook... more) {
    EpochBasedRunner<FakeBatch> runner = builder.build();
    runner.registerHook(new OptimizerHook(settings));
    runner.registerHook(watch);
    for (Hook hook : more) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(iters)), Workflow.training());
  }

  private static UpdateSettings scaled(LossScaling scaling) {
    return UpdateSettings.PLAIN.scaling(scaling);
  }

  @Test
  @DisplayName(
      "U05 the loss is scaled, gradients are unscaled and checked in one call, then clipped")
  void order() {
    flags(optimizer, device, 1);
    run(scaled(LossScaling.fixed(512)).clip(new GradClip(5)), 1);
    assertThat(step.backwardScales()).containsExactly(512.0);
    assertThat(optimizer.calls())
        .containsExactly("zeroGrad", "scale 0.001953125", "clip 5.0 2.0", "step");
    assertThat(device.copies()).isEqualTo(1);
  }

  @Test
  @DisplayName("U05 an update that is not finite is left out, published, and shrinks the scale")
  void skip() {
    RecordingSink sink = new RecordingSink();
    flags(optimizer, device, 1, 0, 1);
    run(
        scaled(LossScaling.dynamic(8, 2, 0.5, 100)).clip(new GradClip(5)),
        3,
        sink.everyIteration());
    assertThat(optimizer.calls())
        .containsExactly(
            "zeroGrad",
            "scale 0.125",
            "clip 5.0 2.0",
            "step",
            "zeroGrad",
            "scale 0.125",
            "zeroGrad",
            "scale 0.25",
            "clip 5.0 2.0",
            "step");
    assertThat(watch.skipped).containsExactly(false, true, false);
    assertThat(sink.records().get(1).values())
        .containsEntry("loss_scale", 4.0)
        .doesNotContainKey("grad_norm");
  }

  @Test
  @DisplayName("U04 an endless run of updates left out is told to the user")
  void neverComesThrough() {
    RecordingSink sink = new RecordingSink();
    run(
        EpochBasedRunner.builder(step, 1).optimizer(optimizer.finite(() -> device.scalar(0))),
        scaled(LossScaling.dynamic(2, 2, 0.5, 5)),
        25,
        sink.every(100));
    assertThat(sink.notes())
        .filteredOn(note -> note.contains("WARNING"))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("WARNING: 10 updates in a row were left out, so nothing is learned");
  }

  @Test
  @DisplayName("U05 a window has one scale, folded into its mean, and one read of the device")
  void accumulation() {
    step.samples(32);
    flags(optimizer, device, 0, 1);
    run(scaled(LossScaling.dynamic(8, 2, 0.5, 100)).cumulativeIters(2), 4);
    assertThat(step.backwardScales()).containsExactly(8.0, 8.0, 4.0, 4.0);
    assertThat(optimizer.calls())
        .containsExactly(
            "zeroGrad", "keepGrad", "scale 0.0625", "zeroGrad", "keepGrad", "scale 0.125", "step");
    assertThat(watch.skipped).containsExactly(false, true, false, false);
    assertThat(device.copies()).isEqualTo(2);
  }

  @Test
  @DisplayName("U05 several optimizers step together or not at all")
  void severalOptimizers() {
    FakeOptimizer second = flags(new FakeOptimizer(0.2), device, 1, 1);
    flags(optimizer, device, 0, 1);
    run(
        EpochBasedRunner.builder(step, 1).optimizer("gen", optimizer).optimizer("dis", second),
        scaled(LossScaling.fixed(2)),
        2);
    List<String> expected = List.of("zeroGrad", "scale 0.5", "zeroGrad", "scale 0.5", "step");
    assertThat(optimizer.calls()).isEqualTo(expected);
    assertThat(second.calls()).isEqualTo(expected);
    assertThat(device.alive()).isZero();
  }

  @Test
  @DisplayName("U06 the scaler's state is kept in fp16.loss_scaler, and a run goes on from there")
  void state() {
    flags(optimizer, device, 0, 1);
    LossScaling scaling = LossScaling.dynamic(8, 2, 0.5, 2);
    run(scaled(scaling), 2);
    Map<String, Object> kept = watch.meta;
    assertThat(kept).extractingByKey("fp16").asString().contains("scale=4.0");

    step.backwardScales().clear();
    flags(optimizer, device, 1, 1);
    run(
        EpochBasedRunner.builder(step, 1)
            .optimizer(optimizer)
            .meta("fp16", java.util.Objects.requireNonNull(kept.get("fp16"))),
        scaled(scaling),
        2);
    assertThat(step.backwardScales()).containsExactly(4.0, 8.0);
  }
}
