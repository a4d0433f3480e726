package org.djlrunner.djl.metric;

import java.util.Arrays;

/**
 * Precision, recall, F1 and support, told from the counts of label against prediction.
 *
 * <p>Where something is divided by no samples at all, the score is 0, as in MMClassification.
 */
public final class ClassReport {
  private final long[][] matrix;
  private final long[] predicted;

  /**
   * A report.
   *
   * @param matrix {@code [C][C + 1]}: row by label, column by prediction, the last one for samples
   *     without a prediction
   */
  public ClassReport(long[][] matrix) {
    this.matrix = matrix;
    this.predicted = new long[matrix.length];
    for (long[] row : matrix) {
      for (int c = 0; c < matrix.length; c++) {
        predicted[c] += row[c];
      }
    }
  }

  /** The number of classes. */
  public int classes() {
    return matrix.length;
  }

  /** A class's score, percentages in 0 to 100. */
  public double of(ClassScore score, int label) {
    return score(score, matrix[label][label], predicted[label], support(label));
  }

  /** One number for all classes; support is the sum whatever the way. */
  public double average(ClassScore score, Averaging way) {
    if (score == ClassScore.SUPPORT || way == Averaging.MICRO) {
      long hits = 0;
      long support = 0;
      for (int c = 0; c < matrix.length; c++) {
        hits += matrix[c][c];
        support += support(c);
      }
      return score(score, hits, Arrays.stream(predicted).sum(), support);
    }
    double sum = 0;
    for (int c = 0; c < matrix.length; c++) {
      sum += of(score, c);
    }
    return sum / Math.max(1, matrix.length);
  }

  private long support(int label) {
    return Arrays.stream(matrix[label]).sum();
  }

  private static double score(ClassScore score, long hits, long predicted, long support) {
    return switch (score) {
      case PRECISION -> 100.0 * hits / Math.max(1, predicted);
      case RECALL -> 100.0 * hits / Math.max(1, support);
      case F1_SCORE -> 200.0 * hits / Math.max(1, predicted + support);
      case SUPPORT -> support;
    };
  }
}
