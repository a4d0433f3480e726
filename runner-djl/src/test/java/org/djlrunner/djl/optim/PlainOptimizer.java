package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * One parameter's optimizer in plain Java: the published formulas, element by element, with
 * weights, state and factors rounded to float32 as a tensor of the parameter's own would be.
 */
final class PlainOptimizer {
  private final String kind;
  private final float[] weights;
  private final float[] first;
  private final float[] second;
  private int step;

  PlainOptimizer(String kind, float[] weights) {
    this.kind = kind;
    this.weights = weights.clone();
    this.first = new float[weights.length];
    this.second = new float[weights.length];
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
      w = (float) (w * (float) (1 - lr * decay));
    } else {
      g = (float) (g + (float) decay * w);
    }
    switch (kind) {
      case "SGD" -> {
        first[i] = (float) (step == 1 ? g : (float) get(o, "momentum") * first[i] + g);
        return w - (float) lr * first[i];
      }
      case "Adam", "AdamW" -> {
        first[i] = (float) (0.9f * first[i] + (float) (1 - 0.9) * g);
        second[i] = (float) (0.999f * second[i] + (float) (1 - 0.999) * g * g);
        float rate = (float) (lr / (1 - Math.pow(0.9, step)));
        float correction = (float) Math.sqrt(1 - Math.pow(0.999, step));
        float deviation = (float) Math.sqrt(second[i]) / correction + 1e-8f;
        return w - rate * first[i] / deviation;
      }
      case "RMSprop" -> {
        second[i] = (float) (0.99f * second[i] + (float) (1 - 0.99) * g * g);
        first[i] =
            (float)
                ((float) get(o, "momentum") * first[i] + g / (float) (Math.sqrt(second[i]) + 1e-8));
        return w - (float) lr * first[i];
      }
      case "Adagrad" -> {
        second[i] = (float) (second[i] + g * g);
        return w - (float) lr * g / (Math.sqrt(second[i]) + 1e-10);
      }
      case "Adadelta" -> {
        second[i] = (float) (0.9f * second[i] + (float) (1 - 0.9) * g * g);
        double delta = g * Math.sqrt((first[i] + 1e-6) / (second[i] + 1e-6));
        first[i] = (float) (0.9f * first[i] + (float) (1 - 0.9) * delta * delta);
        return w - (float) lr * delta;
      }
      case "Adamax" -> {
        first[i] = (float) (0.9f * first[i] + (float) (1 - 0.9) * g);
        second[i] = (float) Math.max(0.999f * second[i], Math.abs(g) + 1e-8);
        return w - (float) (lr / (1 - Math.pow(0.9, step))) * first[i] / second[i];
      }
      default -> throw new AssertionError(kind);
    }
  }

  private static double get(Map<String, Double> options, String name) {
    return options.getOrDefault(name, 0.0);
  }
}
