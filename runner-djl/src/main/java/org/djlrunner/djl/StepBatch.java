package org.djlrunner.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch as one step uses it: what may have to be computed is asked for once, when it is needed.
 */
final class StepBatch implements DjlBatch {
  private final DjlBatch batch;
  private @Nullable NDList inputs;

  StepBatch(DjlBatch batch) {
    this.batch = batch;
  }

  @Override
  public int size() {
    return batch.size();
  }

  @Override
  public NDManager manager() {
    return batch.manager();
  }

  @Override
  public NDList inputs() {
    if (inputs == null) {
      inputs = batch.inputs();
    }
    return inputs;
  }

  @Override
  public Optional<Pixels> rawPixels() {
    return batch.rawPixels();
  }

  @Override
  public NDList labels() {
    return batch.labels();
  }

  @Override
  public void close() {
    batch.close();
  }
}
