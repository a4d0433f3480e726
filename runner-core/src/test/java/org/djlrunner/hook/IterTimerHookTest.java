package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Workflow;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IterTimerHookTest {
  @Test
  @DisplayName("H09 time is the iteration up to the timer; what comes after is in neither")
  void times() {
    AtomicLong now = new AtomicLong();
    // Each look at the clock takes a millisecond; a step takes five, saving afterwards a hundred.
    FakeStep step =
        new FakeStep()
            .logging(
                (mode, batch) -> {
                  now.addAndGet(5_000_000);
                  return Map.of();
                })
            .samples(4);
    RecordingSink sink = new RecordingSink();
    var runner = EpochBasedRunner.builder(step, 1).ticker(() -> now.addAndGet(1_000_000)).build();
    runner.registerHook(new IterTimerHook());
    runner.registerHook(
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            now.addAndGet(100_000_000);
          }
        },
        Priority.VERY_LOW);
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(3)), Workflow.training());
    assertThat(sink.records())
        .hasSize(3)
        .allSatisfy(
            r -> {
              assertThat(r.values()).containsOnlyKeys("time", "data_time", "samples_per_s");
              assertThat(r.values().get("samples_per_s")).isCloseTo(4 / 0.007, within(1e-6));
              assertThat(r.values().get("data_time")).isCloseTo(0.001, within(1e-9));
              assertThat(r.values().get("time")).isCloseTo(0.007, within(1e-9));
            });
  }
}
