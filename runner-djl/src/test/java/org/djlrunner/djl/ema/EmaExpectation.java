package org.djlrunner.djl.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.Flow;
import org.djlrunner.Mode;

/**
 * What weights and averages must be after each iteration, worked out from a plan by plain
 * arithmetic: {@code average = (1 - r) average + r weights}, at every interval-th iteration, with
 * {@code r = min(1 - (1 - m)^interval, (1 + i) / (warm_up + i))} and no bound for a warm-up of 0.
 */
final class EmaExpectation {
  private static final double TOLERANCE = 1e-10;

  private record State(Map<String, double[]> weights, Map<String, double[]> average) {}

  private final EmaReplay.Plan plan;
  private final List<State> states = new ArrayList<>();

  EmaExpectation(
      EmaReplay.Plan plan,
      Map<String, double[]> weights,
      Map<String, double[]> average,
      double momentum,
      int warmUp) {
    this.plan = plan;
    State state = new State(weights, average);
    states.add(state);
    int iter = plan.startIter();
    for (int batch : order(plan)) {
      double rate = 0;
      if (iter % plan.interval() == 0) {
        double kept = 1;
        for (int k = 0; k < plan.interval(); k++) {
          kept *= 1 - momentum;
        }
        rate = warmUp == 0 ? 1 - kept : Math.min(1 - kept, (1.0 + iter) / (warmUp + iter));
      }
      state = next(state, plan.steps().get(batch), rate);
      states.add(state);
      iter++;
    }
  }

  private State next(State before, Map<String, double[]> step, double rate) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    Map<String, double[]> average = new LinkedHashMap<>();
    before.weights.forEach(
        (name, old) -> {
          double[] given =
              step.getOrDefault(name, plan.increments() ? new double[old.length] : old);
          double[] oldAverage = before.average.getOrDefault(name, old);
          double[] w = new double[old.length];
          double[] a = new double[old.length];
          for (int i = 0; i < w.length; i++) {
            w[i] = plan.increments() ? old[i] + given[i] : given[i];
            a[i] = oldAverage[i] + rate * (w[i] - oldAverage[i]);
          }
          weights.put(name, w);
          average.put(name, a);
        });
    return new State(weights, average);
  }

  /** All of a run: the average is in the model in validation and in files, and nowhere else. */
  void assertMetBy(EmaReplay run) {
    long trained = run.seen().stream().filter(s -> s.event().equals("after_train_iter")).count();
    assertThat(trained).as("training iterations").isEqualTo(states.size() - 1);
    for (EmaReplay.Seen seen : run.seen()) {
      boolean justTrained = seen.event().equals("after_train_iter");
      State state = states.get(seen.iter() - plan.startIter() + (justTrained ? 1 : 0));
      boolean swapped = seen.event().contains("_val_");
      String at = seen.event() + " " + seen.iter();
      assertClose(at + ", model", seen.model(), swapped ? state.average : state.weights);
      assertClose(at + ", beside", seen.beside(), swapped ? state.weights : state.average);
    }
    for (EmaReplay.Saved file : run.saved()) {
      State state = states.get(file.iter() - plan.startIter());
      assertClose(file.stem() + ", model", file.model(), state.average);
      assertClose(file.stem() + ", beside", file.beside(), state.weights);
    }
  }

  static void assertClose(
      String what, Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) ->
            assertThat(actual.getOrDefault(name, new double[0]))
                .as(what + ", " + name)
                .containsExactly(values, within(TOLERANCE)));
  }

  /** The indices of the training batches in the order in which a plan meets them. */
  private static List<Integer> order(EmaReplay.Plan plan) {
    List<Integer> order = new ArrayList<>();
    int[] position = new int[plan.lengths().size()];
    int left = plan.limit() - (plan.byEpoch() ? plan.startEpoch() : plan.startIter());
    while (left > 0) {
      for (int f = 0; f < plan.lengths().size() && left > 0; f++) {
        Flow flow = plan.workflow().flows().get(f);
        for (int i = 0; flow.mode().equals(Mode.TRAIN) && i < flow.count() && left > 0; i++) {
          int batches = plan.byEpoch() ? plan.lengths().get(f) : 1;
          for (int b = 0; b < batches; b++) {
            order.add(position[f]++ % plan.lengths().get(f));
          }
          left--;
        }
      }
    }
    return order;
  }
}
