package org.djlrunner.benchmarks;

import java.util.OptionalInt;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;

/**
 * A loader of batches that are nothing, always the same.
 *
 * @param batches batches in a pass
 */
record NoWorkLoader(int batches) implements DataLoader<NoWorkBatch> {
  private static final NoWorkBatch BATCH = new NoWorkBatch();

  @Override
  public OptionalInt length() {
    return OptionalInt.of(batches);
  }

  @Override
  public DataPass<NoWorkBatch> open(int pass, int firstBatch) {
    return new DataPass<>() {
      private int next = firstBatch;

      @Override
      public boolean hasNext() {
        return next < batches;
      }

      @Override
      public NoWorkBatch next() {
        next++;
        return BATCH;
      }

      @Override
      public void close() {}
    };
  }
}
