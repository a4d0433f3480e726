package org.djlrunner.djl.optim;

import java.util.Map;

/** One parameter's optimizer in plain Java: the published formulas, element by element. */
final class PlainOptimizer {
  private final String kind;
  private final float[] weights;
  private final double[] first;
  private final double[] second;
  private int step;

  PlainOptimizer(String kind, float[] weights) {
    this.kind = kind;
    this.weights = weights.clone();
    this.first = new double[weights.length];
    this.second = new double[weights.length];
  }

  float[] weights() {
    return weights;
  }

  void step(float[] gradient, Map<String, Double> options) {
    step++;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) updated(i, gradient[i], options);
    }
  }

  private double updated(int i, double g, Map<String, Double> o) {
    double w = weights[i];
    double lr = get(o, "lr");
    double decay = get(o, "weight_decay");
    if (kind.equals("AdamW")) {
      w -= lr * decay * w;
    } else {
      g += decay * w;
    }
    switch (kind) {
      case "SGD" -> {
        first[i] = step == 1 ? g : get(o, "momentum") * first[i] + g;
        return w - lr * first[i];
      }
      case "Adam", "AdamW" -> {
        first[i] += 0.1 * (g - first[i]);
        second[i] += 0.001 * (g * g - second[i]);
        double mean = first[i] / (1 - Math.pow(0.9, step));
        double square = second[i] / (1 - Math.pow(0.999, step));
        return w - lr * mean / (Math.sqrt(square) + 1e-8);
      }
      case "RMSprop" -> {
        second[i] += 0.01 * (g * g - second[i]);
        first[i] = get(o, "momentum") * first[i] + g / (Math.sqrt(second[i]) + 1e-8);
        return w - lr * first[i];
      }
      case "Adagrad" -> {
        second[i] += g * g;
        return w - lr * g / (Math.sqrt(second[i]) + 1e-10);
      }
      case "Adadelta" -> {
        second[i] += 0.1 * (g * g - second[i]);
        double delta = g * Math.sqrt((first[i] + 1e-6) / (second[i] + 1e-6));
        first[i] += 0.1 * (delta * delta - first[i]);
        return w - lr * delta;
      }
      case "Adamax" -> {
        first[i] += 0.1 * (g - first[i]);
        second[i] = Math.max(0.999 * second[i], Math.abs(g) + 1e-8);
        return w - lr / (1 - Math.pow(0.9, step)) * first[i] / second[i];
      }
      default -> throw new AssertionError(kind);
    }
  }

  private static double get(Map<String, Double> options, String name) {
    return options.getOrDefault(name, 0.0);
  }
}
