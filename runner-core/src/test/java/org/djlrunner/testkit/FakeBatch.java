package org.djlrunner.testkit;

import org.djlrunner.spi.Indexed;

/** A batch that knows where it comes from and whether it was closed. */
public final class FakeBatch implements AutoCloseable, Indexed {
  private final int pass;
  private final int index;
  private boolean closed;

  FakeBatch(int pass, int index) {
    this.pass = pass;
    this.index = index;
  }

  /** The pass of its loader that it came from. */
  public int pass() {
    return pass;
  }

  /** Its index within the pass. */
  public int index() {
    return index;
  }

  /** Whether it was closed. */
  public boolean closed() {
    return closed;
  }

  /** Two samples a batch, in order. */
  @Override
  public long[] sampleIndices() {
    return new long[] {2L * index, 2L * index + 1};
  }

  @Override
  public void close() {
    closed = true;
  }
}
