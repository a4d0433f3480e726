package org.djlrunner.djl.data;

import org.djlrunner.spi.DataPass;

/** Where a loader's batches come from. */
interface BatchSource extends AutoCloseable {
  /**
   * Starts a pass.
   *
   * @param pass its number
   * @param order the samples' indices
   * @param firstBatch how many batches to leave out
   */
  DataPass<ImageBatch> open(int pass, int[] order, int firstBatch);

  @Override
  void close();
}
