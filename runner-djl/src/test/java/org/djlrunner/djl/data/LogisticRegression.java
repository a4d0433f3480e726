package org.djlrunner.djl.data;

/** Multinomial logistic regression with plain SGD: the yardstick of how hard a data set is. */
final class LogisticRegression {
  private final float[][] weights;
  private final double[] bias;

  LogisticRegression(int inputs, int classes) {
    this.weights = new float[classes][inputs];
    this.bias = new double[classes];
  }

  /** One step down the gradient of the cross-entropy of one example. */
  void step(float[] input, int label, double rate) {
    double[] scores = scores(input);
    double highest = scores[largest(scores)];
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = StrictMath.exp(scores[k] - highest);
      sum += scores[k];
    }
    for (int k = 0; k < scores.length; k++) {
      double pull = rate * ((k == label ? 1 : 0) - scores[k] / sum);
      bias[k] += pull;
      float each = (float) pull;
      float[] row = weights[k];
      for (int i = 0; i < input.length; i++) {
        row[i] += each * input[i];
      }
    }
  }

  /** The class with the highest score. */
  int predict(float[] input) {
    return largest(scores(input));
  }

  private double[] scores(float[] input) {
    double[] scores = bias.clone();
    for (int k = 0; k < scores.length; k++) {
      float[] row = weights[k];
      double sum = 0;
      for (int i = 0; i < input.length; i++) {
        sum += row[i] * input[i];
      }
      scores[k] += sum;
    }
    return scores;
  }

  private static int largest(double[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) {
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }
}
