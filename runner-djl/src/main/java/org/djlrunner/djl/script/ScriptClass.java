package org.djlrunner.djl.script;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What TorchScript declares of a class of modules, each list in the order of Python's state dict.
 *
 * @param name qualified, such as {@code __torch__.torch.nn.modules.conv.Conv2d}
 * @param tensors its own parameters, then its buffers
 * @param children name and qualified class of each module within
 * @param constants text of its constants, such as {@code groups} of a convolution
 * @param forward how it is called, empty if it can't be
 */
record ScriptClass(
    String name,
    List<Tensor> tensors,
    Map<String, String> children,
    Map<String, String> constants,
    Optional<Signature> forward) {

  /**
   * A tensor of the state.
   *
   * @param trainable whether it is a parameter, not a buffer such as a running mean
   * @param optional whether an object of the class may lack it, as a layer may lack its bias
   */
  record Tensor(String name, boolean trainable, boolean optional) {}

  /**
   * How a module is called.
   *
   * @param arguments types of what must be given
   * @param result type of what comes back
   */
  record Signature(List<String> arguments, String result) {}

  /** The class's own name, without what TorchScript tells copies of a class apart by. */
  String simpleName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
