package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LrUpdaterHookTest {
  @Test
  @DisplayName("S03 every group follows the schedule from its own base")
  void groups() {
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 3).optimizer(new FakeOptimizer(1, 0.5)).build();
    runner.registerTrainingHooks(
        new TrainingHooks()
            .add(new LrUpdaterHook(new LrSchedule(Step.every(1, 0.5), Every.Unit.EPOCH)))
            .add(sink.everyIteration()));
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(sink.records())
        .extracting(r -> r.learningRates().get("default"))
        .containsExactly(List.of(1.0, 0.5), List.of(0.5, 0.25), List.of(0.25, 0.125));
  }
}
