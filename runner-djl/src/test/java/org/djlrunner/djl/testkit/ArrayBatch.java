package org.djlrunner.djl.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.Function;
import org.djlrunner.djl.DjlBatch;

/** A batch made of arrays that a test creates. */
public final class ArrayBatch implements DjlBatch {
  private final NDManager manager;
  private final int size;
  private final NDList inputs;
  private final NDList labels;

  /**
   * A batch in a sub-manager of {@code parent}.
   *
   * @param inputs creates the inputs there
   * @param labels creates the labels there
   */
  public ArrayBatch(
      NDManager parent,
      int size,
      Function<NDManager, NDList> inputs,
      Function<NDManager, NDList> labels) {
    this.manager = parent.newSubManager();
    this.size = size;
    this.inputs = inputs.apply(manager);
    this.labels = labels.apply(manager);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public NDList inputs() {
    return inputs;
  }

  @Override
  public NDList labels() {
    return labels;
  }

  @Override
  public void close() {
    manager.close();
  }
}
