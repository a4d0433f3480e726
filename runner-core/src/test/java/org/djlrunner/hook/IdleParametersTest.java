package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Workflow;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("U11 parameters that take no part in the loss")
class IdleParametersTest {
  private final RecordingSink sink = new RecordingSink();
  private final FakeOptimizer optimizer = new FakeOptimizer(0.1);

  @Test
  @DisplayName("U11 are named once, and again when their set changes")
  void named() {
    Queue<List<String>> idle =
        new ArrayDeque<>(
            List.of(
                List.of(),
                List.of("head.weight (10, 84)", "head.bias (10)"),
                List.of("head.weight (10, 84)", "head.bias (10)"),
                List.of("head.bias (10)"),
                List.of(),
                List.of()));
    run(UpdateSettings.PLAIN.detectAnomalousParams(true), optimizer.idle(idle::remove), 6);
    assertThat(sink.notes())
        .containsExactly(
            "WARNING: from iteration 2 on 2 parameters take no part in the loss, or have a gradient"
                + " of zero: head.weight (10, 84), head.bias (10)",
            "WARNING: from iteration 4 on 1 parameters take no part in the loss, or have a gradient"
                + " of zero: head.bias (10)",
            "From iteration 5 on all parameters take part in the loss");
  }

  @Test
  @DisplayName("U11 are looked at after backward and before the update")
  void order() {
    run(UpdateSettings.PLAIN.detectAnomalousParams(true), optimizer, 1);
    assertThat(optimizer.calls()).containsExactly("zeroGrad", "idle", "step");
  }

  @Test
  @DisplayName("U11 nobody looks unless asked to")
  void notAsked() {
    run(UpdateSettings.PLAIN, optimizer.idle(() -> List.of("w")), 1);
    assertThat(optimizer.calls()).doesNotContain("idle");
    assertThat(sink.notes()).isEmpty();
  }

  private void run(UpdateSettings settings, FakeOptimizer optimizer, int iters) {
    EpochBasedRunner<org.djlrunner.testkit.FakeBatch> runner =
        EpochBasedRunner.builder(new FakeStep(), 1).optimizer(optimizer).build();
    runner.registerHook(new OptimizerHook(settings));
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(iters)), Workflow.training());
  }
}
