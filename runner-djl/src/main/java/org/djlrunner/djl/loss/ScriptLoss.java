package org.djlrunner.djl.loss;

import java.util.Optional;

/** A loss that a compiled step can compute by itself. */
public interface ScriptLoss {
  /**
   * The loss as an expression of TorchScript's serialised form, empty if it has none.
   *
   * @param logits variable of the network's first output, {@code [N, C] float32}
   * @param labels variable of the batch's first labels
   */
  Optional<String> script(String logits, String labels);
}
