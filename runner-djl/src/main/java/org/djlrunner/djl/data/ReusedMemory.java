package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Slots that are used again batch by batch.
 *
 * <p>On a CPU a batch's arrays look straight into its slot, which comes back when the batch is
 * closed. On a GPU they are copies, and making them waits until the GPU has nothing left to do.
 */
final class ReusedMemory implements BatchMemory {
  private final NDManager manager;
  private final int batchSize;
  private final ImageShape shape;
  private final LabelForm form;
  private final DeviceNormalization normalization;
  private final ConcurrentLinkedQueue<BatchSlot> free = new ConcurrentLinkedQueue<>();

  ReusedMemory(
      NDManager manager,
      int batchSize,
      ImageShape shape,
      LabelForm form,
      DeviceNormalization normalization) {
    this.form = form;
    this.manager = manager;
    this.batchSize = batchSize;
    this.shape = shape;
    this.normalization = normalization;
  }

  @Override
  public BatchSlot take() {
    BatchSlot slot = free.poll();
    return slot == null ? new BatchSlot(batchSize, shape, form) : slot;
  }

  @Override
  public void giveBack(BatchSlot slot) {
    free.add(slot);
  }

  @Override
  public ImageBatch batch(BatchSlot slot) {
    NDManager own = manager.newSubManager();
    try {
      int n = slot.size();
      NDArray pixels =
          own.create(
              slot.pixels(),
              new Shape(n, shape.height(), shape.width(), shape.channels()),
              DataType.UINT8);
      NDArray labels = own.create(slot.labels(), form.shape(n), form.type());
      return new ImageBatch(
          own, pixels, labels, normalization, slot::indices, () -> giveBack(slot));
    } catch (RuntimeException e) {
      own.close();
      giveBack(slot);
      throw e;
    }
  }

  @Override
  public void close() {
    free.clear();
  }
}
