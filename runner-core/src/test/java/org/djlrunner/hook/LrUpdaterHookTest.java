package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.schedule.CosineRestart;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.schedule.Step;
import org.djlrunner.schedule.Target;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LrUpdaterHookTest {
  private static final LrSchedule HALVING = new LrSchedule(Step.every(1, 0.5), Every.Unit.EPOCH);

  @Test
  @DisplayName("S03 every group follows the schedule from its own base")
  void groups() {
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 3).optimizer(new FakeOptimizer(1, 0.5)).build();
    runner.registerTrainingHooks(
        new TrainingHooks().add(new LrUpdaterHook(HALVING)).add(sink.everyIteration()));
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(sink.records())
        .extracting(r -> r.learningRates().get("default"))
        .containsExactly(List.of(1.0, 0.5), List.of(0.5, 0.25), List.of(0.25, 0.125));
  }

  @Test
  @DisplayName("S03 optimizers may have schedules of their own")
  void perOptimizer() {
    FakeOptimizer generator = new FakeOptimizer(1);
    FakeOptimizer critic = new FakeOptimizer(1);
    run(new LrUpdaterHook(Map.of("critic", HALVING)), generator, critic);
    assertThat(generator.paramGroups().get(0).lr()).isEqualTo(1);
    assertThat(critic.paramGroups().get(0).lr()).isEqualTo(0.25);
    assertThatThrownBy(() -> run(new LrUpdaterHook(Map.of("critc", HALVING)), generator, critic))
        .hasMessageContaining("'critc'")
        .hasMessageContaining("did you mean 'critic'?");
  }

  @Test
  @DisplayName("S06 a schedule that ends within the run is refused before the first step")
  void tooShort() {
    FakeStep step = new FakeStep();
    var runner = EpochBasedRunner.builder(step, 3).optimizer(new FakeOptimizer(1)).build();
    CosineRestart ends = new CosineRestart(List.of(2), List.of(1.0), Target.value(0));
    runner.registerHook(new LrUpdaterHook(new LrSchedule(ends, Every.Unit.EPOCH)));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(2)), Workflow.training()))
        .hasMessageContaining("lr_config: periods [2] end after 2, but the run has 3");
    assertThat(step.calls()).isEmpty();
  }

  @Test
  @DisplayName("S05 momentum is SGD's momentum or Adam's first beta, and the second stays")
  void momentum() {
    FakeOptimizer sgd = new FakeOptimizer("SGD", List.of(Map.of("lr", 1.0, "momentum", 0.8)));
    FakeOptimizer adam =
        new FakeOptimizer("Adam", List.of(Map.of("lr", 1.0, "beta1", 0.4, "beta2", 0.99)));
    MomentumSchedule halving = new MomentumSchedule(Step.every(1, 0.5), Every.Unit.EPOCH);
    run(new MomentumUpdaterHook(halving), sgd, adam);
    assertThat(sgd.paramGroups().get(0).option("momentum")).isEqualTo(0.2);
    assertThat(adam.paramGroups().get(0).option("beta1")).isEqualTo(0.1);
    assertThat(adam.paramGroups().get(0).option("beta2")).isEqualTo(0.99);
    FakeOptimizer adagrad = new FakeOptimizer("Adagrad", List.of(Map.of("lr", 1.0)));
    assertThatThrownBy(() -> run(new MomentumUpdaterHook(halving), sgd, adagrad))
        .hasMessageContaining("Adagrad ('critic') has neither momentum nor betas");
  }

  private static void run(Hook hook, FakeOptimizer generator, FakeOptimizer critic) {
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 3)
            .optimizer("generator", generator)
            .optimizer("critic", critic)
            .build();
    runner.registerHook(hook);
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
  }
}
