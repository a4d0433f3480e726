package org.djlrunner.djl.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A stateless TorchScript module made from text; gradients flow through its methods. */
public final class ScriptModule implements AutoCloseable {
  /** The type that methods declare their own object by. */
  public static final String SELF = "__torch__." + ScriptArchive.CLASS;

  /** DJL passes a method's name as the name of an array that is not handed on. */
  private static final String METHOD = "module_method:";

  /** Arrays of this name become one list argument. */
  private static final String LIST = "arrays[]";

  private final PtNDManager manager;
  private final PtSymbolBlock block;
  private final NDArray methodName;

  /**
   * Compiles a module.
   *
   * @param methods their text, indented by two spaces; libtorch's serialised form
   * @param parent owns the module
   */
  public ScriptModule(String methods, ai.djl.ndarray.NDManager parent) {
    manager = (PtNDManager) parent.newSubManager();
    try {
      byte[] archive = ScriptArchive.of(ScriptArchive.HEADER + methods);
      block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
      methodName = manager.create(0f);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  PtSymbolBlock block() {
    return block;
  }

  /**
   * Runs {@code method(arrays: List[Tensor]) -> List[Tensor]} in one native call.
   *
   * @param arrays its arguments; their names are overwritten
   * @return its results, which belong to the first argument's manager
   */
  public NDList call(String method, List<NDArray> arrays) {
    NDList inputs = new NDList(arrays.size() + 1);
    for (NDArray array : arrays) {
      array.setName(LIST);
      inputs.add(array);
    }
    methodName.setName(METHOD + method);
    inputs.add(methodName);
    return IValueUtils.forward(block, inputs, true);
  }

  @Override
  public void close() {
    manager.close();
  }
}
