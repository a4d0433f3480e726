package org.djlrunner.djl.data;

import org.djlrunner.spi.DataPass;

/** Where a loader's batches come from. */
interface BatchSource extends AutoCloseable {
  /**
   * Starts a pass.
   *
   * @param order what it visits
   * @param firstBatch how many batches to leave out
   */
  DataPass<ImageBatch> open(PassOrder order, int firstBatch);

  @Override
  void close();
}
