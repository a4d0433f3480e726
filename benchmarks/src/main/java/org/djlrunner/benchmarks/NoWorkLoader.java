package org.djlrunner.benchmarks;

import java.util.OptionalInt;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;

/**
 * A loader of batches that are nothing but their number.
 *
 * @param batches batches in a pass
 */
record NoWorkLoader(int batches) implements DataLoader<Integer> {
  @Override
  public OptionalInt length() {
    return OptionalInt.of(batches);
  }

  @Override
  public DataPass<Integer> open(int pass, int firstBatch) {
    return new DataPass<>() {
      private int next = firstBatch;

      @Override
      public boolean hasNext() {
        return next < batches;
      }

      @Override
      public Integer next() {
        return next++;
      }

      @Override
      public void close() {}
    };
  }
}
