package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Runner;
import org.djlrunner.Workflow;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.FakeWeights;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EmaHookTest {
  /** Trains the weight to 8, 16, 24, ... and reports what the model holds as the loss. */
  private final FakeWeights weights = FakeWeights.of(0);

  private final List<Double> validated = new ArrayList<>();
  private final FakeStep step = new FakeStep().logging(this::step);
  private double trained;

  private Map<String, Scalar> step(Mode mode, FakeBatch batch) {
    if (mode.equals(Mode.VAL)) {
      validated.add(model());
    }
    return Map.of("loss", Scalar.of(model()));
  }

  /** Updates like an optimizer, at its place. */
  private final class Update implements Hook {
    @Override
    public void afterTrainIter(HookContext context) {
      trained += 8;
      weights.set(trained);
    }

    @Override
    public Priority priority() {
      return Priority.ABOVE_NORMAL;
    }
  }

  private EmaHook half(int interval) {
    return new EmaHook(weights, new EmaMomentum.Linear(0.5, 0), interval);
  }

  private void run(Runner<FakeBatch> runner, Workflow workflow, Hook... hooks) {
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    List<FakeLoader> loaders = workflow.flows().stream().map(flow -> FakeLoader.of(2)).toList();
    runner.run(loaders, workflow);
  }

  private Runner<FakeBatch> epochs(int max) {
    return EpochBasedRunner.builder(step, max).optimizer(new FakeOptimizer(0.1)).build();
  }

  private Runner<FakeBatch> iters(int max) {
    return IterBasedRunner.builder(step, max).optimizer(new FakeOptimizer(0.1)).build();
  }

  @Test
  @DisplayName("A03 it sees the update of its own iteration, whichever hook was registered first")
  void behindTheOptimizer() {
    run(epochs(1), Workflow.training(), half(1), new Update());
    // 0 -> 4 -> 10
    assertThat(average()).isEqualTo(10);
    assertThat(model()).isEqualTo(16);
  }

  @Test
  @DisplayName("A03 a priority in front of the optimizer hook is refused before training")
  void inFrontOfTheOptimizer() {
    Runner<FakeBatch> runner = epochs(1);
    runner.registerHook(half(1), Priority.HIGH);
    assertThatThrownBy(() -> run(runner, Workflow.training(), new OptimizerHook()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("HIGH")
        .hasMessageContaining("45");
    assertThat(step.calls()).isEmpty();
  }

  @Test
  @DisplayName("A03 an iteration whose update was skipped is left out")
  void skipped() {
    Hook skipSecond =
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {
            if (context.progress().iter() == 1) {
              context.markStepSkipped();
            }
          }

          @Override
          public Priority priority() {
            return Priority.ABOVE_NORMAL;
          }
        };
    run(epochs(1), Workflow.training(), half(1), new Update(), skipSecond);
    assertThat(average()).isEqualTo(4);
  }

  @Test
  @DisplayName("A01 the average begins with the weights at the start of the run")
  void beginsWithTheRun() {
    EmaHook hook = half(1);
    // Such as weights that were loaded after the hook was made.
    weights.set(100);
    trained = 100;
    run(epochs(1), Workflow.training(), hook, new Update());
    // 100 -> 104 -> 110
    assertThat(average()).isEqualTo(110);
  }

  @Test
  @DisplayName("A04 a val flow sees the average in both runners, training never")
  void valFlows() {
    Workflow workflow = Workflow.of(Flow.train(1), Flow.val(1));
    run(epochs(1), workflow, half(1), new Update());
    assertThat(validated).containsExactly(10.0, 10.0);
    assertThat(model()).isEqualTo(16);
    run(iters(1), workflow, half(1), new Update());
    // Trained on from 16: the average begins there, 24 follows.
    assertThat(validated).containsExactly(10.0, 10.0, 20.0);
    assertThat(model()).isEqualTo(24);
  }

  @Test
  @DisplayName("A04 EvalHook sees the average, by epoch and by iteration, and within a val flow")
  void evaluation() {
    run(
        epochs(1),
        Workflow.training(),
        half(1),
        new Update(),
        new EvalHook<>(step, FakeLoader.of(1), Every.iters(1)));
    assertThat(validated).containsExactly(4.0, 10.0);
    assertThat(model()).isEqualTo(16);
  }

  @Test
  @DisplayName("A04 a failing val step leaves the weights in training in the model")
  void failingValidation() {
    step.logging(
        (mode, batch) -> {
          if (mode.equals(Mode.VAL)) {
            throw new IllegalStateException("boom at " + model());
          }
          return Map.of();
        });
    Workflow workflow = Workflow.of(Flow.train(1), Flow.val(1));
    assertThatThrownBy(() -> run(epochs(1), workflow, half(1), new Update()))
        .hasMessage("boom at 10.0");
    assertThat(model()).isEqualTo(16);
    assertThat(average()).isEqualTo(10);
  }

  @Test
  @DisplayName("A02 an interval of n moves the average as far as n updates do")
  void interval() {
    EmaMomentum momentum = new EmaMomentum.Linear(0.1, 0);
    FakeWeights often = FakeWeights.of(0);
    often.set(1);
    for (int i = 0; i < 3; i++) {
      often.update(momentum.rate(i, 1));
    }
    FakeWeights once = FakeWeights.of(0);
    once.set(1);
    once.update(momentum.rate(0, 3));
    assertThat(beside(once)).isEqualTo(beside(often), within(1e-12));
  }

  @Test
  @DisplayName("A02 linear, exponential and annealed rates, early and in the limit")
  void rates() {
    EmaMomentum linear = new EmaMomentum.Linear(0.25, 10);
    assertThat(linear.rate(0, 1)).isEqualTo(0.1, within(1e-12));
    assertThat(linear.rate(2, 1)).isEqualTo(0.25, within(1e-12));
    assertThat(linear.rate(1000, 1)).isEqualTo(0.25);
    EmaMomentum exponential = new EmaMomentum.Exponential(0.2, 10);
    // 0.8 / e + 0.2
    assertThat(exponential.rate(9, 1)).isEqualTo(0.4943035529371539, within(1e-12));
    assertThat(exponential.rate(100_000, 1)).isEqualTo(0.2, within(1e-12));
    EmaMomentum annealing = new EmaMomentum.Annealing(0.01, 100);
    assertThat(annealing.rate(0, 1)).isEqualTo(1);
    assertThat(annealing.rate(100, 1)).isEqualTo(0.5);
    assertThat(annealing.rate(100, 5)).isEqualTo(0.5);
    assertThat(annealing.rate(1_000_000, 1)).isEqualTo(0.01);
  }

  @Test
  @DisplayName("H21 a running mean gives all weights since its first iteration the same share")
  void runningMean() {
    for (int interval : new int[] {1, 2}) {
      EmaMomentum mean = new EmaMomentum.Mean(4);
      FakeWeights weights = FakeWeights.of(100);
      double sum = 0;
      int count = 0;
      for (int iter = 0; iter < 12; iter += interval) {
        weights.set(iter * iter);
        weights.update(mean.rate(iter, interval));
        if (iter >= 4) {
          sum += iter * iter;
          count++;
        }
        assertThat(beside(weights)).isEqualTo(iter < 4 ? iter * iter : sum / count, within(1e-12));
      }
    }
    assertThatThrownBy(() -> new EmaMomentum.Mean(-1)).hasMessageContaining("begin_iter");
  }

  @Test
  @DisplayName("A08 options out of range are refused and named")
  void badOptions() {
    assertThatThrownBy(() -> half(0)).hasMessage("interval must be at least 1, got 0");
    for (double momentum : new double[] {0, 1, -0.5, Double.NaN}) {
      assertThatThrownBy(() -> new EmaMomentum.Linear(momentum, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("momentum must lie between 0 and 1, got " + momentum);
    }
    assertThatThrownBy(() -> new EmaMomentum.Linear(0.5, -1)).hasMessageContaining("warm_up");
    assertThatThrownBy(() -> new EmaMomentum.Exponential(0.5, 0))
        .hasMessageContaining("total_iter");
    assertThatThrownBy(() -> new EmaMomentum.Annealing(0.5, 0)).hasMessageContaining("gamma");
  }

  private double model() {
    return weights.model().getOrDefault("w", new double[1])[0];
  }

  private double average() {
    return beside(weights);
  }

  private static double beside(FakeWeights weights) {
    return weights.beside().getOrDefault("w", new double[1])[0];
  }
}
