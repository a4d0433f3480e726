package org.djlrunner.djl.loss;

/** A loss that a compiled step can compute by itself. */
public interface ScriptLoss {
  /**
   * The loss as an expression of TorchScript's serialised form.
   *
   * @param logits variable of the network's first output, {@code [N, C] float32}
   * @param labels variable of the batch's first labels
   */
  String script(String logits, String labels);
}
