package org.djlrunner.testkit;

/** A batch that knows where it comes from and whether it was closed. */
public final class FakeBatch implements AutoCloseable {
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

  @Override
  public void close() {
    closed = true;
  }
}
