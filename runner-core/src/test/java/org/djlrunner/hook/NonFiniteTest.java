package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.RunResult;
import org.djlrunner.StopReason;
import org.djlrunner.Workflow;
import org.djlrunner.hook.NonFinite.Policy;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeSnapshots;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NonFiniteTest {
  private final FakeStep step = new FakeStep();
  private final FakeDevice device = new FakeDevice();
  private final FakeOptimizer optimizer = new FakeOptimizer(0.1);
  private final FakeSnapshots snapshots = new FakeSnapshots();
  private final RecordingSink sink = new RecordingSink();

  /** Makes the losses of these batches NaN, all losses on the device. */
  private void nanAt(Integer... batches) {
    Set<Integer> bad = Set.of(batches);
    step.logging(
        (mode, batch) ->
            Map.of("loss", device.scalar(bad.contains(batch.index()) ? Double.NaN : 1)));
  }

  private RunResult run(UpdateSettings settings, int iters) {
    EpochBasedRunner<FakeBatch> runner =
        EpochBasedRunner.builder(step, 1).optimizer(optimizer).snapshots(snapshots).build();
    runner.registerHook(new OptimizerHook(settings));
    runner.registerHook(sink.every(2));
    return runner.run(List.of(FakeLoader.of(iters)), Workflow.training());
  }

  private static UpdateSettings on(Policy policy, int maxSkips, int interval) {
    return UpdateSettings.PLAIN.nonFinite(new NonFinite(policy, maxSkips, interval));
  }

  @Test
  @DisplayName("U07 fail names the first bad iteration, its batch and samples")
  void fail() {
    nanAt(2, 3);
    assertThatThrownBy(() -> run(on(Policy.FAIL, 1, 4), 8))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("loss is NaN")
        .hasMessageContaining("epoch 1, iteration 3, batch 3")
        .hasMessageContaining("samples [4, 5]");
    assertThat(step.calls()).as("found at the fourth iteration").hasSize(4);
    assertThat(device.alive()).isZero();
  }

  @Test
  @DisplayName("U07 looking at the logger's interval costs no read of its own")
  void noExtraReads() {
    nanAt();
    run(on(Policy.FAIL, 1, 2), 8);
    assertThat(device.copies()).isEqualTo(4);
  }

  @Test
  @DisplayName("U07 the end of a pass is looked at, whatever the interval")
  void passEnd() {
    nanAt(4);
    assertThatThrownBy(() -> run(on(Policy.FAIL, 1, 100), 5)).hasMessageContaining("iteration 5");
  }

  @Test
  @DisplayName("U07 a norm that is not finite counts as well")
  void norm() {
    step.logging((mode, batch) -> Map.of("loss", Scalar.of(1)));
    EpochBasedRunner<FakeBatch> runner =
        EpochBasedRunner.builder(step, 1).optimizer(optimizer).build();
    runner.registerHook(new OptimizerHook(on(Policy.FAIL, 1, 1)));
    runner.registerHook(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            context.logBuffer().update("grad_norm", Double.POSITIVE_INFINITY);
          }
        });
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(1)), Workflow.training()))
        .hasMessageContaining("grad_norm is Infinity at epoch 1, iteration 1");
  }

  @Test
  @DisplayName("U07 stop ends the run in order, with the place as its reason")
  void stop() {
    nanAt(2);
    RunResult result = run(on(Policy.STOP, 1, 2), 8);
    assertThat(result.stopReason()).isInstanceOf(StopReason.Requested.class);
    assertThat(result.stopReason().toString()).contains("loss is NaN").contains("iteration 3");
    assertThat(step.calls()).hasSize(4);
  }

  @Test
  @DisplayName("U08 skip leaves updates out and says so; a finite one begins the count anew")
  void skip() {
    double[] flags = {0, 0, 1, 0, 0, 1};
    optimizer.finite(() -> device.scalar(flags[step.calls().size() - 1]));
    run(on(Policy.SKIP, 2, 1), 6);
    assertThat(optimizer.calls()).filteredOn("step"::equals).hasSize(2);
    assertThat(sink.notes()).hasSize(4).allMatch(note -> note.contains("update skipped"));
    assertThat(device.copies()).isEqualTo(6);
  }

  @Test
  @DisplayName("U08 more skips in a row than allowed fail with the place")
  void tooManySkips() {
    optimizer.finite(() -> Scalar.of(0));
    assertThatThrownBy(() -> run(on(Policy.SKIP, 2, 1), 6))
        .hasMessageContaining("iteration 3")
        .hasMessageContaining("samples [4, 5]")
        .hasMessageContaining("max_skips is 2");
    assertThat(optimizer.calls()).doesNotContain("step");
  }

  @Test
  @DisplayName("U09 restore goes back to a state that a later finite loss has borne out")
  void restore() {
    // Looks after batches 1, 3, 5, 7. The copy taken after 3 is followed by a NaN at once.
    nanAt(4);
    run(on(Policy.RESTORE, 1, 2), 8);
    assertThat(snapshots.calls())
        .containsExactly(
            "take 0",
            "take 1",
            "close 0",
            "take 2",
            "close 2",
            "restore 1",
            "take 3",
            "close 3",
            "close 1");
    assertThat(snapshots.open()).isZero();
    assertThat(sink.notes()).anyMatch(note -> note.contains("iteration 5"));
  }

  @Test
  @DisplayName("U09 a copy whose own loss was finite is good, though a later one was not")
  void provenByItsOwnLoss() {
    nanAt(3);
    run(on(Policy.RESTORE, 1, 2), 4);
    assertThat(snapshots.calls())
        .containsExactly("take 0", "take 1", "close 0", "restore 1", "close 1");
  }

  @Test
  @DisplayName("U09 gradients gathered before a restore are dropped")
  void dropsWindow() {
    nanAt(1);
    run(on(Policy.RESTORE, 1, 2).cumulativeIters(4), 4);
    assertThat(optimizer.calls())
        .containsExactly(
            "zeroGrad", "keepGrad", "keepGrad", "zeroGrad", "keepGrad", "scale 0.5", "step");
  }

  @Test
  @DisplayName("U09 what restoring doesn't cure fails, and frees its copies")
  void restoreInVain() {
    nanAt(0, 1, 2, 3);
    assertThatThrownBy(() -> run(on(Policy.RESTORE, 1, 1), 4))
        .hasMessageContaining("iteration 2")
        .hasMessageContaining("put back 1 times");
    assertThat(snapshots.open()).isZero();
  }

  @Test
  @DisplayName("U09 restore without snapshots is refused before training")
  void noSnapshots() {
    EpochBasedRunner<FakeBatch> runner =
        EpochBasedRunner.builder(step, 1).optimizer(optimizer).build();
    runner.registerHook(new OptimizerHook(on(Policy.RESTORE, 1, 1)));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(1)), Workflow.training()))
        .hasMessageContaining("needs snapshots");
    assertThat(step.calls()).isEmpty();
  }

  @Test
  @DisplayName("U07 without a policy nothing is read, checked or skipped")
  void ignored() {
    nanAt(0);
    assertThat(run(UpdateSettings.PLAIN, 1).progress().iter()).isEqualTo(1);
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "step");
    assertThat(device.copies()).isZero();
  }

  @Test
  @DisplayName("U07 counts below 1 are refused")
  void refused() {
    assertThatThrownBy(() -> new NonFinite(Policy.SKIP, 0, 1)).hasMessageContaining("max_skips");
    assertThatThrownBy(() -> new NonFinite(Policy.FAIL, 1, 0)).hasMessageContaining("interval");
  }
}
