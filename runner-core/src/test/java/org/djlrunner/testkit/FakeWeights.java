package org.djlrunner.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.djlrunner.spi.WeightAverage;

/** A model's weights and their average in double precision, flat by parameter name. */
public final class FakeWeights implements WeightAverage {
  private Map<String, double[]> model;
  private Map<String, double[]> beside;

  /** Weights with an average that begins at them. */
  public FakeWeights(Map<String, double[]> weights) {
    this(weights, weights);
  }

  /** Weights in training and their average. */
  public FakeWeights(Map<String, double[]> weights, Map<String, double[]> average) {
    model = copy(weights);
    beside = copy(average);
  }

  /** One weight under the name {@code w}. */
  public static FakeWeights of(double weight) {
    return new FakeWeights(Map.of("w", new double[] {weight}));
  }

  /** A copy of what the model holds. */
  public Map<String, double[]> model() {
    return copy(model);
  }

  /** A copy of what lies beside it: the average, or the weights in training while swapped. */
  public Map<String, double[]> beside() {
    return copy(beside);
  }

  /** Changes elements of the model: new value from old and given one; others stay. */
  public void change(Map<String, double[]> given, DoubleBinaryOperator change) {
    given.forEach(
        (name, values) ->
            model.computeIfPresent(
                name,
                (key, old) -> {
                  double[] changed = new double[old.length];
                  for (int i = 0; i < old.length; i++) {
                    changed[i] = change.applyAsDouble(old[i], values[i]);
                  }
                  return changed;
                }));
  }

  /** Sets the weight {@code w}. */
  public void set(double weight) {
    change(Map.of("w", new double[] {weight}), (old, given) -> given);
  }

  @Override
  public void begin() {
    beside = copy(model);
  }

  @Override
  public void update(double rate) {
    beside.forEach(
        (name, average) -> {
          double[] weights = model.getOrDefault(name, average);
          for (int i = 0; i < average.length; i++) {
            average[i] = (1 - rate) * average[i] + rate * weights[i];
          }
        });
  }

  @Override
  public void swap() {
    Map<String, double[]> held = model;
    model = beside;
    beside = held;
  }

  private static Map<String, double[]> copy(Map<String, double[]> values) {
    Map<String, double[]> copy = new LinkedHashMap<>();
    values.forEach((name, value) -> copy.put(name, value.clone()));
    return copy;
  }
}
