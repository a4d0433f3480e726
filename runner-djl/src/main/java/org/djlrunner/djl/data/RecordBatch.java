package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import org.djlrunner.djl.DjlBatch;

/**
 * A batch of records as DJL makes them: whatever arrays a data set has; labels that are whole
 * numbers as int64.
 */
public final class RecordBatch implements DjlBatch {
  /**
   * What DJL made.
   *
   * @param manager owns all that it made on the way; DJL leaves managers of its own behind there
   * @param batch the arrays, of which all are below the manager
   */
  record Fetched(NDManager manager, Batch batch) implements AutoCloseable {
    @Override
    public void close() {
      batch.close();
      manager.close();
    }
  }

  private final Fetched fetched;
  private final NDList inputs;
  private final NDList labels;

  /**
   * A batch of DJL's.
   *
   * @param device where its arrays are brought, unless they lie there
   */
  RecordBatch(Fetched fetched, Device device) {
    this.fetched = fetched;
    this.inputs = fetched.batch().getData().toDevice(device, false);
    this.labels = new NDList();
    for (NDArray label : fetched.batch().getLabels().toDevice(device, false)) {
      // Whole numbers are classes, which losses take as int64.
      labels.add(label.getDataType().isInteger() ? label.toType(DataType.INT64, false) : label);
    }
    inputs.attach(fetched.manager());
    labels.attach(fetched.manager());
  }

  @Override
  public int size() {
    return fetched.batch().getSize();
  }

  @Override
  public NDManager manager() {
    return fetched.manager();
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
    fetched.close();
  }
}
