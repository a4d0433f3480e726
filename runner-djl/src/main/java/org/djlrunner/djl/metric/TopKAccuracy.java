package org.djlrunner.djl.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.metric.Scalar;

/**
 * The share of samples whose label is among the k largest logits, in percent, for several k.
 *
 * <p>Of equal logits the lower class is the larger one. A logit that is not a number is never
 * correct and outranks all numbers, so a diverged model scores 0 and not 100. A sample whose label
 * is -100, which losses leave out, counts neither way; of soft labels the largest is meant.
 */
public final class TopKAccuracy implements AutoCloseable {
  private final List<Integer> topk;
  private final List<Double> thresholds;
  private final NDArray ks;
  private final List<NDArray> least = new ArrayList<>();

  /**
   * Accuracies for each of {@code topk}, 1 or more.
   *
   * @param manager owns the small array that this keeps on the device until it is closed
   */
  public TopKAccuracy(NDManager manager, List<Integer> topk) {
    this(manager, topk, ClassificationMetrics.ANY);
  }

  /**
   * Accuracies for each of {@code topk} and of {@code thresholds}: a sample is right if also the
   * softmax of its class is above the threshold.
   *
   * @param manager owns the small arrays that this keeps on the device until it is closed
   * @param thresholds 0 for none, below 1; of several, names end in {@code _thr_0.50}
   */
  public TopKAccuracy(NDManager manager, List<Integer> topk, List<Double> thresholds) {
    for (int k : topk) {
      if (k < 1) {
        throw new IllegalArgumentException("topk must be 1 or more, got " + topk);
      }
    }
    this.topk = List.copyOf(topk);
    this.thresholds = List.copyOf(thresholds);
    ks = manager.create(topk.stream().mapToLong(k -> k).toArray());
    thresholds.forEach(threshold -> least.add(manager.create(threshold.floatValue())));
  }

  /**
   * The accuracies of a batch, {@code accuracy_top-K} by name; nothing is read from the device.
   *
   * @param logits {@code [N, C]}, any float type
   * @param labels {@code [N] int64} or {@code [N, C] float32}
   * @param scalars comes to own them
   * @throws IllegalArgumentException if there are fewer classes than k
   */
  public Map<String, Scalar> of(NDArray logits, NDArray labels, DeviceScalars scalars) {
    Map<String, Scalar> accuracies = new LinkedHashMap<>();
    if (topk.isEmpty()) {
      return accuracies;
    }
    long classes = logits.getShape().get(1);
    for (int k : topk) {
      if (k > classes) {
        throw new IllegalArgumentException(
            "topk " + topk + " asks for more than the model's " + classes + " classes");
      }
    }
    for (int t = 0; t < thresholds.size(); t++) {
      double threshold = thresholds.get(t);
      TorchKernels kernels = TorchKernels.shared();
      List<NDArray> counts =
          threshold > 0
              ? kernels.differentiable("top_k_above", logits, labels, ks, least.get(t))
              : kernels.differentiable("top_k", logits, labels, ks);
      String suffix = ClassificationMetrics.suffix(threshold, thresholds);
      for (int i = 0; i < topk.size(); i++) {
        accuracies.put(
            "accuracy_top-" + topk.get(i) + suffix,
            new Scalar.Ratio(
                scalars.keep(counts.get(i), 100), scalars.keep(counts.get(topk.size() + i), 1)));
      }
    }
    return accuracies;
  }

  @Override
  public void close() {
    ks.close();
    least.forEach(NDArray::close);
  }
}
