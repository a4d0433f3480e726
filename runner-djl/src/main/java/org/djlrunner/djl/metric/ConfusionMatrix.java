package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Precision, recall, F1 and support from the counts of label against predicted class.
 *
 * <p>Samples with a logit that is not a number, or whose prediction is not above the threshold,
 * count as predicted as no class at all; those whose label is -100, which losses leave out, don't
 * count.
 */
public final class ConfusionMatrix implements Metric<ClassifiedBatch> {
  private final NDManager manager;
  private final Set<ClassScore> scores;
  private final double threshold;

  /**
   * A metric whose counts lie on the manager's device.
   *
   * @param scores what {@code compute} reports: the means over classes, for support the sum
   */
  public ConfusionMatrix(NDManager manager, Set<ClassScore> scores) {
    this(manager, scores, 0);
  }

  /**
   * A metric that takes only predictions whose softmax is above a threshold.
   *
   * @param scores what {@code compute} reports: the means over classes, for support the sum
   * @param threshold 0 for any prediction; below 1
   */
  public ConfusionMatrix(NDManager manager, Set<ClassScore> scores, double threshold) {
    this.manager = manager;
    this.scores = Set.copyOf(scores);
    this.threshold = threshold;
  }

  @Override
  public Counts init() {
    return new Counts(manager.newSubManager(), scores, threshold);
  }

  /** The counts so far, on the device. */
  public static final class Counts implements Metric.State<ClassifiedBatch> {
    private final NDManager manager;
    private final Set<ClassScore> scores;
    private final @Nullable NDArray least;
    private @Nullable NDArray counts;
    private int classes;

    private Counts(NDManager manager, Set<ClassScore> scores, double threshold) {
      this.manager = manager;
      this.scores = scores;
      this.least = threshold > 0 ? manager.create((float) threshold) : null;
    }

    @Override
    public void merge(ClassifiedBatch batch) {
      classes = Math.toIntExact(batch.logits().getShape().get(1));
      NDArray sums = counts;
      if (sums == null) {
        sums = manager.zeros(new Shape((long) classes * (classes + 1)), DataType.INT64);
        counts = sums;
      }
      TorchKernels kernels = TorchKernels.shared();
      if (least == null) {
        kernels.differentiable("confusion", sums, batch.logits(), batch.labels()).close();
      } else {
        kernels
            .differentiable("confusion_above", sums, batch.logits(), batch.labels(), least)
            .close();
      }
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
      ClassReport report = new ClassReport(matrix());
      Map<String, Double> results = new LinkedHashMap<>();
      for (ClassScore score : ClassScore.values()) {
        if (scores.contains(score)) {
          results.put(score.word(), report.average(score, Averaging.MACRO));
        }
      }
      return results;
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
