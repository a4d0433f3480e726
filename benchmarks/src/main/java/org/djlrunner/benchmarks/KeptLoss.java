package org.djlrunner.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.loss.Loss;

/**
 * DJL's softmax cross-entropy that keeps each batch's value until it is logged.
 *
 * <p>DJL's own way, a listener, computes every loss a second time and waits for it; this is what a
 * user would write who looks for speed, and the same work as our logger's.
 */
final class KeptLoss extends Loss {
  private final Loss loss = Loss.softmaxCrossEntropyLoss();
  private final NDManager manager;
  private final NDList kept = new NDList();

  /** A loss whose kept values live in a sub-manager of {@code parent}. */
  KeptLoss(NDManager parent) {
    super(Loss.softmaxCrossEntropyLoss().getName());
    manager = parent.newSubManager();
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray value = loss.evaluate(labels, predictions);
    NDArray free = value.stopGradient();
    free.attach(manager);
    kept.add(free);
    return value;
  }

  /** Reads the values kept since the last call in one copy, and forgets them. */
  double meanOfKept() {
    try (NDArray stacked = NDArrays.stack(kept)) {
      double sum = 0;
      for (float value : stacked.toFloatArray()) {
        sum += value;
      }
      return sum / kept.size();
    } finally {
      kept.close();
      kept.clear();
    }
  }
}
