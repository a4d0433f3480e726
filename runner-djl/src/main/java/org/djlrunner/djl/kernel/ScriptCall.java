package org.djlrunner.djl.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.List;

/** Calls methods of a TorchScript module so that gradients flow through them. */
final class ScriptCall {
  /** What DJL reads a method's name from. */
  private static final String METHOD = "module_method:";

  /** Arrays of this name become one list argument. */
  private static final String LIST = "arrays[]";

  private ScriptCall() {}

  /**
   * Runs {@code method(arrays: List[Tensor]) -> List[Tensor]}.
   *
   * <p>DJL passes the method's name as the name of an array that is not handed on.
   */
  static NDList differentiable(PtSymbolBlock module, String method, List<NDArray> arrays) {
    NDManager manager = arrays.get(0).getManager();
    NDList inputs = new NDList(arrays.size() + 1);
    try (NDArray name = manager.create(0f)) {
      name.setName(METHOD + method);
      inputs.add(name);
      for (NDArray array : arrays) {
        array.setName(LIST);
        inputs.add(array);
      }
      // Results belong to the manager of the first array.
      NDList results = IValueUtils.forward(module, inputs, true);
      results.attach(manager);
      return results;
    }
  }
}
