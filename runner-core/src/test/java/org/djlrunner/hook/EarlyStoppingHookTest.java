package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.RunResult;
import org.djlrunner.StopReason;
import org.djlrunner.Workflow;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runs that have learned enough. */
class EarlyStoppingHookTest {
  private Map<String, Object> state = Map.of();

  /** Reports the next of some results at the end of each epoch. */
  private static Hook reporting(String name, double... results) {
    return new Hook() {
      @Override
      public void afterTrainEpoch(HookContext context) {
        context.report(Map.of(name, results[context.progress().epoch()]));
      }

      @Override
      public Priority priority() {
        return Priority.LOW;
      }
    };
  }

  private RunResult run(EarlyStopping settings, double... results) {
    var runner = EpochBasedRunner.builder(new FakeStep(), results.length).build();
    EarlyStoppingHook hook = new EarlyStoppingHook(settings);
    if (!state.isEmpty()) {
      hook.restore(state);
    }
    runner.registerHook(hook);
    runner.registerHook(reporting("acc", results));
    RunResult result = runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    state = hook.state();
    return result;
  }

  private static EarlyStopping settings(int patience, double minDelta) {
    return new EarlyStopping("acc", Rule.GREATER, patience, minDelta, OptionalDouble.empty(), true);
  }

  @Test
  @DisplayName("E01 results are compared with the best, not with the one before")
  void best() {
    RunResult result = run(settings(3, 0), 1, 5, 2, 3, 4, 6, 7);
    assertThat(result.progress().epoch()).isEqualTo(5);
    assertThat(result.stopReason())
        .isEqualTo(
            new StopReason.Requested("acc has not got better in 3 evaluations, the best is 5.0"));
  }

  @Test
  @DisplayName("E01 a result as good as the best is no new best")
  void equal() {
    assertThat(run(settings(2, 0), 5, 5, 5, 5, 5).progress().epoch()).isEqualTo(3);
  }

  @Test
  @DisplayName("E01 progress below min_delta is none")
  void minDelta() {
    assertThat(run(settings(2, 1), 1, 1.5, 2.5, 3, 3.25, 9).progress().epoch()).isEqualTo(5);
  }

  @Test
  @DisplayName("E01 less is better for losses, and the rule follows from the name")
  void less() {
    EarlyStopping loss = new EarlyStopping("acc", Rule.LESS, 2, 0, OptionalDouble.empty(), true);
    assertThat(run(loss, 3, 2, 4, 1, 2, 2, 0).progress().epoch()).isEqualTo(6);
    assertThat(EarlyStopping.on("val_loss").rule()).isEqualTo(Rule.LESS);
    assertThat(EarlyStopping.on("accuracy_top-1").rule()).isEqualTo(Rule.GREATER);
  }

  @Test
  @DisplayName("E02 a threshold ends the run when it is reached")
  void threshold() {
    EarlyStopping settings =
        new EarlyStopping("acc", Rule.GREATER, 9, 0, OptionalDouble.of(4), true);
    RunResult result = run(settings, 1, 3, 4, 5);
    assertThat(result.progress().epoch()).isEqualTo(3);
    assertThat(result.stopReason())
        .hasToString("stop requested: acc reached 4.0, the threshold is 4.0");
  }

  @Test
  @DisplayName("E02 a result that is no number ends the run, or just isn't a best")
  void notFinite() {
    assertThat(run(settings(9, 0), 1, Double.NaN, 3).stopReason())
        .hasToString("stop requested: acc is NaN");
    state = Map.of();
    EarlyStopping lenient =
        new EarlyStopping("acc", Rule.GREATER, 2, 0, OptionalDouble.empty(), false);
    assertThat(run(lenient, Double.POSITIVE_INFINITY, 1, Double.NaN, 0, 0).progress().epoch())
        .isEqualTo(4);
  }

  @Test
  @DisplayName("E03 a run that goes on goes on with the best and the count")
  void resumed() {
    run(settings(5, 0), 5, 4, 3);
    assertThat(state)
        .containsEntry("monitor", "acc")
        .containsEntry("best", 5.0)
        .containsEntry("waited", 2);
    assertThat(run(settings(5, 0), 4, 4, 4, 4, 4).progress().epoch()).isEqualTo(3);
  }

  @Test
  @DisplayName("E03 a state without a best is one, that of another value is not")
  void otherState() {
    EarlyStopping lenient =
        new EarlyStopping("acc", Rule.GREATER, 3, 0, OptionalDouble.empty(), false);
    run(lenient, Double.NaN, Double.NaN);
    assertThat(state).containsEntry("waited", 2).doesNotContainKey("best");
    assertThat(run(lenient, Double.NaN, 1).progress().epoch()).isEqualTo(1);

    state = new HashMap<>(state);
    state.put("monitor", "other");
    assertThat(run(lenient, Double.NaN, 1).progress().epoch()).isEqualTo(2);
    assertThatThrownBy(() -> new EarlyStoppingHook(lenient).restore(Map.of("best", 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("waited");
  }

  @Test
  @DisplayName("E04 only evaluations that report the result count, and nobody may forget it")
  void monitor() {
    var runner = EpochBasedRunner.builder(new FakeStep(), 2).build();
    runner.registerHook(new EarlyStoppingHook(EarlyStopping.on("los")));
    assertThatThrownBy(
            () ->
                runner.run(
                    List.of(FakeLoader.of(1), FakeLoader.of(1)),
                    Workflow.of(Flow.train(1), Flow.val(1))))
        .hasMessageContaining("watches 'los'")
        .hasMessageContaining("did you mean 'loss'?");
  }

  @Test
  @DisplayName("E04 val flows of iteration-based runs are evaluations like others")
  void iterations() {
    var runner = IterBasedRunner.builder(new FakeStep(), 100).build();
    runner.registerHook(new EarlyStoppingHook(EarlyStopping.on("loss").patience(2)));
    RunResult result =
        runner.run(
            List.of(FakeLoader.of(10), FakeLoader.of(1)), Workflow.of(Flow.train(3), Flow.val(1)));
    assertThat(result.progress().iter()).isEqualTo(9);
    assertThat(result.metrics()).containsEntry("loss", 1.0);
  }

  @Test
  @DisplayName("E05 settings that would stop at once or never are refused")
  void refused() {
    assertThatThrownBy(() -> EarlyStopping.on("acc").patience(0)).hasMessageContaining("patience");
    assertThatThrownBy(() -> settings(1, -0.1)).hasMessageContaining("min_delta");
    assertThatThrownBy(() -> settings(1, Double.NaN)).hasMessageContaining("min_delta");
    assertThatThrownBy(() -> EarlyStopping.on(" ")).hasMessageContaining("monitor");
  }
}
