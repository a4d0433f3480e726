package org.djlrunner.djl.testkit;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;

/**
 * A loader of the same batches in every pass, each made when it is taken.
 *
 * @param batches make the batches of a pass
 * @param <B> the batch
 */
public record ListLoader<B>(List<Supplier<B>> batches) implements DataLoader<B> {
  /** Keeps the list as it is now. */
  public ListLoader {
    batches = List.copyOf(batches);
  }

  @Override
  public OptionalInt length() {
    return OptionalInt.of(batches.size());
  }

  @Override
  public DataPass<B> open(int pass, int firstBatch) {
    return new DataPass<>() {
      private int next = firstBatch;

      @Override
      public boolean hasNext() {
        return next < batches.size();
      }

      @Override
      public B next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return batches.get(next++).get();
      }

      @Override
      public void close() {}
    };
  }
}
