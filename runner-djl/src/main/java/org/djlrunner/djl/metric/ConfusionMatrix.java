package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Precision, recall, F1 and support from the counts of label against predicted class.
 *
 * <p>Samples with a logit that is not a number count as predicted as no class at all; those whose
 * label is -100, which losses leave out, don't count.
 */
public final class ConfusionMatrix implements Metric<ClassifiedBatch> {
  private final NDManager manager;
  private final Set<ClassScore> scores;

  /**
   * A metric whose counts lie on the manager's device.
   *
   * @param scores what {@code compute} reports: the means over classes, for support the sum
   */
  public ConfusionMatrix(NDManager manager, Set<ClassScore> scores) {
    this.manager = manager;
    this.scores = Set.copyOf(scores);
  }

  @Override
  public Counts init() {
    return new Counts(manager.newSubManager(), scores);
  }

  /** The counts so far, on the device. */
  public static final class Counts implements Metric.State<ClassifiedBatch> {
    private final NDManager manager;
    private final Set<ClassScore> scores;
    private @Nullable NDArray counts;
    private int classes;

    private Counts(NDManager manager, Set<ClassScore> scores) {
      this.manager = manager;
      this.scores = scores;
    }

    @Override
    public void merge(ClassifiedBatch batch) {
      classes = Math.toIntExact(batch.logits().getShape().get(1));
      NDArray sums = counts;
      if (sums == null) {
        sums = manager.zeros(new Shape((long) classes * (classes + 1)), DataType.INT64);
        counts = sums;
      }
      TorchKernels.shared()
          .differentiable("confusion", sums, batch.logits(), batch.labels())
          .close();
    }

    /**
     * Reads the counts, row by label and column by predicted class; the column behind the classes
     * counts samples without a prediction. Empty before the first batch.
     */
    public long[][] matrix() {
      long[] flat = counts == null ? new long[0] : counts.toLongArray();
      long[][] matrix = new long[classes][classes + 1];
      for (int row = 0; row < classes; row++) {
        System.arraycopy(flat, row * (classes + 1), matrix[row], 0, classes + 1);
      }
      return matrix;
    }

    @Override
    public Map<String, Double> compute() {
      List<Map<ClassScore, Double>> perClass = perClass();
      Map<String, Double> results = new LinkedHashMap<>();
      for (ClassScore score : ClassScore.values()) {
        if (scores.contains(score)) {
          double sum = perClass.stream().mapToDouble(of -> of.getOrDefault(score, 0.0)).sum();
          boolean total = score == ClassScore.SUPPORT;
          results.put(score.word(), total ? sum : sum / Math.max(1, perClass.size()));
        }
      }
      return results;
    }

    /** All scores of each class, in the order of the classes; reads the counts. */
    public List<Map<ClassScore, Double>> perClass() {
      long[][] matrix = matrix();
      List<Map<ClassScore, Double>> values = new ArrayList<>();
      for (int c = 0; c < matrix.length; c++) {
        long predicted = 0;
        for (long[] row : matrix) {
          predicted += row[c];
        }
        long support = Arrays.stream(matrix[c]).sum();
        double hits = 100.0 * matrix[c][c];
        Map<ClassScore, Double> of = new EnumMap<>(ClassScore.class);
        of.put(ClassScore.PRECISION, hits / Math.max(1, predicted));
        of.put(ClassScore.RECALL, hits / Math.max(1, support));
        of.put(ClassScore.F1_SCORE, 2 * hits / Math.max(1, predicted + support));
        of.put(ClassScore.SUPPORT, (double) support);
        values.add(of);
      }
      return values;
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
