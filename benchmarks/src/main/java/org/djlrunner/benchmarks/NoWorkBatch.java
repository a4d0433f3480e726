package org.djlrunner.benchmarks;

/** A batch of nothing, which the loop closes as it does real ones. */
final class NoWorkBatch implements AutoCloseable {
  @Override
  public void close() {}
}
