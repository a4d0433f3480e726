package org.djlrunner.djl.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import org.djlrunner.djl.kernel.TorchKernels;

/** Mean cross entropy of logits {@code [N, C]} and classes {@code [N] int64}. */
public final class CrossEntropyLoss extends Loss implements ScriptLoss {
  /** Named {@code loss}. */
  public CrossEntropyLoss() {
    super("loss");
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    return TorchKernels.shared()
        .differentiable("cross_entropy", predictions.head(), labels.head())
        .head();
  }

  @Override
  public String script(String logits, String labels) {
    return "torch.cross_entropy_loss(" + logits + ", " + labels + ")";
  }
}
