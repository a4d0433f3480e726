package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.metric.Metric;

/**
 * How far a classifier's confidence is from its accuracy: the expected calibration error, 0 to 1.
 *
 * <p>Samples fall into equally wide bins by their largest softmax, a border belongs to the bin
 * below it; the error is the mean over samples of the distance between a bin's mean confidence and
 * its accuracy. A sample with a logit that is not a number counts as wrong with confidence 1; one
 * labelled -100 doesn't count.
 */
public final class CalibrationError implements Metric<ClassifiedBatch> {
  private final NDManager manager;
  private final int bins;

  /**
   * A metric whose sums lie on the manager's device.
   *
   * @param bins 1 or more
   */
  public CalibrationError(NDManager manager, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be 1 or more, got " + bins);
    }
    this.manager = manager;
    this.bins = bins;
  }

  @Override
  public Sums init() {
    return new Sums(manager.newSubManager(), bins);
  }

  /**
   * What fell into a bin.
   *
   * @param samples how many
   * @param confidence their mean largest softmax, 0 if there are none
   * @param accuracy the share of them that is right, 0 to 1
   */
  public record Bin(long samples, double confidence, double accuracy) {}

  /** The sums so far, on the device: samples, confidences and hits of each bin. */
  public static final class Sums implements Metric.State<ClassifiedBatch> {
    private static final int COLUMNS = 3;

    private final NDManager manager;
    private final NDArray sums;

    private Sums(NDManager manager, int bins) {
      this.manager = manager;
      this.sums = manager.zeros(new Shape(bins, COLUMNS), DataType.FLOAT64);
    }

    @Override
    public void merge(ClassifiedBatch batch) {
      TorchKernels.shared()
          .differentiable("calibration", sums, batch.logits(), batch.labels())
          .close();
    }

    /** The bins from the least confidence to the largest; reads the sums. */
    public List<Bin> bins() {
      double[] flat = sums.toDoubleArray();
      List<Bin> bins = new ArrayList<>();
      for (int i = 0; i < flat.length; i += COLUMNS) {
        double samples = Math.max(1, flat[i]);
        bins.add(new Bin((long) flat[i], flat[i + 1] / samples, flat[i + 2] / samples));
      }
      return bins;
    }

    /** {@code ece}; nothing if no sample counts. */
    @Override
    public Map<String, Double> compute() {
      return error(bins());
    }

    /** The error of bins that were read. */
    static Map<String, Double> error(List<Bin> bins) {
      double all = 0;
      double sum = 0;
      for (Bin bin : bins) {
        all += bin.samples();
        sum += bin.samples() * Math.abs(bin.accuracy() - bin.confidence());
      }
      return all == 0 ? Map.of() : Map.of("ece", sum / all);
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
