package org.djlrunner.spi;

import java.util.OptionalInt;

/**
 * Batches of a data set, pass after pass.
 *
 * <p>The order of a pass is a pure function of its number, so a resumed run sees what an
 * uninterrupted one would have seen.
 *
 * @param <B> the batch
 */
public interface DataLoader<B> extends AutoCloseable {
  /** Batches in a pass, empty if not known before the end. */
  OptionalInt length();

  /**
   * Starts a pass.
   *
   * @param pass number of the pass, from 0
   * @param firstBatch how many batches to leave out, without loading them
   */
  DataPass<B> open(int pass, int firstBatch);

  /** Starts a pass at its first batch. */
  default DataPass<B> open(int pass) {
    return open(pass, 0);
  }

  /** Ends background work; the default has none. */
  @Override
  default void close() {}
}
