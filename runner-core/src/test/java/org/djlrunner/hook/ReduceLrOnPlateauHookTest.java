package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.PerGroup;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.schedule.Warmup;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReduceLrOnPlateauHookTest {
  private final FakeOptimizer optimizer = new FakeOptimizer(1, 0.5);
  private final List<List<Double>> rates = new ArrayList<>();
  private final List<Object> states = new ArrayList<>();

  /** A step whose losses in training fall until pass 2, and in validation rise from the start. */
  private final FakeStep step =
      new FakeStep()
          .logging(
              (mode, batch) ->
                  Map.of(
                      "loss",
                      Scalar.of(mode.equals(Mode.VAL) ? 10 : Math.max(2 - batch.pass(), 0) + 1)));

  private EpochBasedRunner<FakeBatch> runner(Plateau plateau, @Nullable Object state) {
    var builder = EpochBasedRunner.builder(step, 6).optimizer(optimizer);
    if (state != null) {
      builder.meta(ReduceLrOnPlateauHook.META, state);
    }
    EpochBasedRunner<FakeBatch> runner = builder.build();
    runner.registerHook(new ReduceLrOnPlateauHook(plateau));
    runner.registerHook(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            rates.add(context.learningRates().get("default"));
          }

          @Override
          public void afterTrainEpoch(HookContext context) {
            states.add(context.meta().getOrDefault(ReduceLrOnPlateauHook.META, "none"));
          }
        },
        Priority.LOWEST);
    return runner;
  }

  private static Plateau watching(String monitor, @Nullable Warmup warmup) {
    return new Plateau(
        monitor,
        Plateau.Mode.MIN,
        0.5,
        0,
        1e-4,
        Plateau.ThresholdMode.REL,
        0,
        new PerGroup.Each(List.of(0.3, 0.01)),
        1e-8,
        warmup,
        0);
  }

  @Test
  @DisplayName("S08 K10 after a resume rates are reduced from those of the config")
  void changedRates() {
    resumed(Map.of("monitor", "loss", "initial", Map.of("default", List.of(4.0, 0.5))));
    // The config's first rate is a quarter of what it was, so is the reduced one.
    assertThat(rates.get(0)).containsExactly(0.5, 0.25);
  }

  @Test
  @DisplayName("S08 K09 the best of another result is none")
  void anotherMonitor() {
    resumed(Map.of("monitor", "error", "initial", Map.of()));
    // A first loss of 10 would be no better than 0.1.
    assertThat(rates.get(1)).isEqualTo(rates.get(0));
  }

  /** A run that goes on from rates reduced to half, and from a best loss of 0.1. */
  private void resumed(Map<String, Object> saved) {
    var runner =
        runner(
            watching("loss", null),
            Map.of(
                "best",
                0.1,
                "num_bad_epochs",
                0,
                "cooldown_counter",
                0,
                "rates",
                Map.of("default", List.of(2.0, 0.25))));
    Map<String, Object> state = new HashMap<>(saved);
    state.put("epoch_start", 0);
    ((ReduceLrOnPlateauHook) runner.hooks().iterator().next()).restore(state);
    runner.registerHook(new EvalHook<>(step, FakeLoader.of(1), Every.epochs(1)));
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
  }

  @Test
  @DisplayName("S08 it follows evaluations, which the checkpoint of the same epoch knows")
  void evaluations() {
    var runner = runner(watching("loss", null), null);
    runner.registerHook(new EvalHook<>(step, FakeLoader.of(1), Every.epochs(1)));
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(rates).extracting(own -> own.get(0)).containsExactly(1.0, 1.0, 0.5, 0.3, 0.3, 0.3);
    assertThat(rates)
        .extracting(own -> own.get(1))
        .containsExactly(0.5, 0.5, 0.25, 0.125, 0.0625, 0.03125);
    assertThat(states.get(1))
        .isEqualTo(
            Map.of(
                "best",
                10.0,
                "num_bad_epochs",
                0,
                "cooldown_counter",
                0,
                "rates",
                Map.of("default", List.of(0.5, 0.25))));
  }

  @Test
  @DisplayName("S08 it follows val flows as well")
  void valFlows() {
    runner(watching("loss", null), null)
        .run(List.of(FakeLoader.of(1), FakeLoader.of(2)), Workflow.of(Flow.train(1), Flow.val(1)));
    assertThat(rates)
        .extracting(own -> own.get(1))
        .containsExactly(0.5, 0.5, 0.25, 0.125, 0.0625, 0.03125);
  }

  @Test
  @DisplayName("S08 it follows the means of training epochs, and warms up")
  void training() {
    Warmup warmup = new Warmup(Warmup.Kind.CONSTANT, 3, Every.Unit.ITER, 0.1);
    runner(watching("train/loss", warmup), null)
        .run(List.of(FakeLoader.of(2)), Workflow.training());
    // Losses 3, 2, 1, 1, 1, 1.
    assertThat(rates)
        .extracting(own -> own.get(0))
        .containsExactly(0.1, 0.1, 0.1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.3, 0.3);
  }

  @Test
  @DisplayName("S08 a run that begins with a state goes on from it")
  void resumes() {
    Map<String, Object> state =
        Map.of(
            "best",
            0.5,
            "num_bad_epochs",
            0,
            "cooldown_counter",
            0,
            "rates",
            Map.of("default", List.of(0.8, 0.2)));
    runner(watching("train/loss", null), state).run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(rates).extracting(own -> own.get(0)).startsWith(0.8, 0.4, 0.3);
    var unfit = runner(watching("loss", null), Map.of("num_bad_epochs", 0, "cooldown_counter", 0));
    assertThatThrownBy(() -> unfit.run(List.of(FakeLoader.of(1)), Workflow.training()))
        .hasMessageContaining("lr_plateau must hold 2 rates for optimizer 'default'");
  }

  @Test
  @DisplayName("S08 a value that nobody reports is named with near ones")
  void unknown() {
    var runner = runner(watching("los", null), null);
    runner.registerHook(new EvalHook<>(step, FakeLoader.of(1), Every.epochs(1)));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(1)), Workflow.training()))
        .hasMessageContaining("lr_config.monitor is 'los'")
        .hasMessageContaining("did you mean 'loss'?");
  }
}
