package org.djlrunner.djl.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A TorchScript module whose methods were written as text; gradients flow through them. */
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
  private final Optional<String> release;
  private @Nullable Boolean training;

  /**
   * Compiles a module without state.
   *
   * @param methods their text, indented by two spaces; libtorch's serialised form
   * @param parent owns the module
   */
  public ScriptModule(String methods, NDManager parent) {
    this(ScriptArchive::of, methods, parent);
  }

  /**
   * Compiles methods into a module that exists.
   *
   * @param source the module
   * @param methods their text, as {@link ScriptSource#archive} takes it
   * @param parent owns the module, whose tensors come to lie on its device
   */
  public ScriptModule(ScriptSource source, String methods, NDManager parent) {
    manager = (PtNDManager) parent.newSubManager();
    release = source.release();
    try {
      byte[] archive = source.archive(methods);
      block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
      methodName = manager.create(0f);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** The text of a resource of this package. */
  static String source(String name) {
    try (InputStream in = ScriptModule.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    try {
      return run(method, arrays);
    } catch (RuntimeException e) {
      release.ifPresent(name -> forget(name, arrays.get(0), e));
      throw e;
    }
  }

  private void forget(String method, NDArray any, RuntimeException failure) {
    try {
      run(method, List.of(any)).close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private NDList run(String method, List<NDArray> arrays) {
    NDList inputs = new NDList(arrays.size() + 1);
    for (NDArray array : arrays) {
      array.setName(LIST);
      inputs.add(array);
    }
    methodName.setName(METHOD + method);
    inputs.add(methodName);
    return IValueUtils.forward(block, inputs, true);
  }

  /** Puts the module and all within it into training or evaluation mode. */
  public void setTraining(boolean wanted) {
    // A module is in the mode that it was saved in, which nobody knows, until it is told one.
    if (training == null || training != wanted) {
      training = wanted;
      if (wanted) {
        JniUtils.enableTrainingMode(block);
      } else {
        JniUtils.enableInferenceMode(block);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
