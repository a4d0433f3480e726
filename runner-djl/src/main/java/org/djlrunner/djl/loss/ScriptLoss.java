package org.djlrunner.djl.loss;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
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

  /**
   * Refuses labels that don't fit, before libtorch sees them; a compiled step asks once for each
   * kind of labels.
   *
   * @param logits shape of the network's first output
   * @param labels of the batch
   * @throws IllegalArgumentException if a shape or type is not as the loss takes it
   */
  void check(Shape logits, NDList labels);
}
