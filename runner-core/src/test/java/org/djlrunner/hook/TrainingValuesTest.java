package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.PerGroup;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Hooks that watch what training logs: the mean over an epoch, or over so many iterations. */
class TrainingValuesTest {
  private static final double[] LOSSES = {8, 6, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2};

  private int trained;

  /** Losses in training as above; in validation they would end or reduce at once. */
  private FakeStep step() {
    trained = 0;
    return new FakeStep()
        .logging(
            (mode, batch) ->
                mode.equals(Mode.VAL)
                    ? Map.of("loss", Scalar.of(1e6))
                    : Map.of("loss", Scalar.of(LOSSES[trained++])));
  }

  private static EarlyStopping watching(String monitor, int patience, int interval) {
    return new EarlyStopping(
        monitor, Rule.LESS, patience, 0, OptionalDouble.empty(), true, interval);
  }

  private static Plateau plateau(String monitor, int interval) {
    return new Plateau(
        monitor,
        Plateau.Mode.MIN,
        0.5,
        0,
        0,
        Plateau.ThresholdMode.ABS,
        0,
        new PerGroup.Same(0),
        0,
        null,
        interval);
  }

  @Test
  @DisplayName("H19 early stopping follows the means of training epochs")
  void epochs() {
    var runner = EpochBasedRunner.builder(step(), 6).build();
    runner.registerHook(new EarlyStoppingHook(watching("train/loss", 2, 0)));
    RunResult result =
        runner.run(
            List.of(FakeLoader.of(2), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    // Means 7, 3, 2, 2, 2.
    assertThat(result.progress().epoch()).isEqualTo(5);
    assertThat(result.stopReason())
        .hasToString("stop requested: train/loss has not got better in 2 epochs, the best is 2.0");
  }

  @Test
  @DisplayName("H19 early stopping follows means over so many iterations, across epochs")
  void iterations() {
    var runner = IterBasedRunner.builder(step(), 12).build();
    runner.registerHook(new EarlyStoppingHook(watching("train/loss", 1, 3)));
    RunResult result = runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    // Means 6, 2, 2.
    assertThat(result.progress().iter()).isEqualTo(9);
    assertThat(result.stopReason())
        .hasToString(
            "stop requested: train/loss has not got better in 1 times 3 iterations, the best is"
                + " 2.0");
  }

  @Test
  @DisplayName("H19 rates fall on a plateau of means over so many iterations, from the next one on")
  void rates() {
    FakeOptimizer optimizer = new FakeOptimizer(1);
    var runner = EpochBasedRunner.builder(step(), 6).optimizer(optimizer).build();
    runner.registerHook(new ReduceLrOnPlateauHook(plateau("train/loss", 3)));
    List<Double> rates = new ArrayList<>();
    runner.registerHook(
        Hook.at(Stage.AFTER_TRAIN_ITER, context -> rates.add(optimizer.paramGroups().get(0).lr())));
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    // Means 6, 2, 2 after nine iterations; the last one's would come to the thirteenth.
    assertThat(rates).containsExactly(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5);
  }

  @Test
  @DisplayName("H19 what hooks behind log belongs to the mean of its iteration")
  void loggedByHooks() {
    Map<Integer, Double> states = new LinkedHashMap<>();
    var runner = EpochBasedRunner.builder(step(), 1).optimizer(new FakeOptimizer(1)).build();
    ReduceLrOnPlateauHook hook = new ReduceLrOnPlateauHook(plateau("train/grad_norm", 1));
    runner.registerHook(hook);
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context -> {
              int iter = context.progress().iter();
              if (iter != 1) { // As an update that was left out.
                context.logBuffer().update("grad_norm", 10 - iter);
              }
              if (context.meta().get(ReduceLrOnPlateauHook.META) instanceof Map<?, ?> state) {
                states.put(iter, (Double) state.get("best"));
              }
            }));
    runner.run(List.of(FakeLoader.of(4)), Workflow.training());
    assertThat(states).isEqualTo(Map.of(1, 10.0, 2, 10.0, 3, 8.0));
  }

  @Test
  @DisplayName(
      "H19 a name that training doesn't log is an error at the first epoch's end, with near ones")
  void unknown() {
    for (int interval : new int[] {0, 1}) {
      var stopping = EpochBasedRunner.builder(step(), 2).build();
      stopping.registerHook(new EarlyStoppingHook(watching("train/los", 1, interval)));
      assertThatThrownBy(() -> stopping.run(List.of(FakeLoader.of(2)), Workflow.training()))
          .hasMessageContaining("EarlyStoppingHook watches 'train/los'")
          .hasMessageContaining("did you mean 'train/loss'?");
      var reducing = EpochBasedRunner.builder(step(), 2).optimizer(new FakeOptimizer(1)).build();
      reducing.registerHook(new ReduceLrOnPlateauHook(plateau("train/grad_nrom", interval)));
      reducing.registerHook(
          Hook.at(Stage.AFTER_TRAIN_ITER, context -> context.logBuffer().update("grad_norm", 1)));
      assertThatThrownBy(() -> reducing.run(List.of(FakeLoader.of(2)), Workflow.training()))
          .hasMessageContaining("lr_config.monitor is 'train/grad_nrom'")
          .hasMessageContaining("did you mean 'train/grad_norm'?");
    }
  }

  @Test
  @DisplayName("H19 intervals that mean nothing are refused")
  void refused() {
    assertThatThrownBy(() -> watching("loss", 1, 3))
        .hasMessageContaining("interval is for values of training");
    assertThatThrownBy(() -> watching("train/loss", 1, -1)).hasMessageContaining("got -1");
    assertThatThrownBy(() -> plateau("train/loss", 10_001)).hasMessageContaining("got 10001");
    assertThatThrownBy(() -> plateau("train/", 0)).hasMessageContaining("monitor must name");
  }
}
