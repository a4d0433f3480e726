package org.djlrunner.djl.data;

/** Memory of the host for batches in the making, and their way from there to the device. */
interface BatchMemory extends AutoCloseable {
  /** An empty slot; any thread may ask. */
  BatchSlot take();

  /** Takes back a slot whose batch is not wanted. */
  void giveBack(BatchSlot slot);

  /** A slot's samples on the device; the slot is the batch's from now on. */
  ImageBatch batch(BatchSlot slot);

  @Override
  void close();
}
