package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;

/** A loader of a given number of batches that remembers all it gave out. */
public final class FakeLoader implements DataLoader<FakeBatch> {
  private final int length;
  private final boolean tellsLength;
  private final List<FakeBatch> given = new ArrayList<>();
  private final List<Integer> opened = new ArrayList<>();
  private int open;

  private FakeLoader(int length, boolean tellsLength) {
    this.length = length;
    this.tellsLength = tellsLength;
  }

  /** A loader with {@code length} batches a pass. */
  public static FakeLoader of(int length) {
    return new FakeLoader(length, true);
  }

  /** A loader that has {@code length} batches a pass but doesn't say so. */
  public static FakeLoader unsized(int length) {
    return new FakeLoader(length, false);
  }

  /** Every batch given out, in order. */
  public List<FakeBatch> given() {
    return given;
  }

  /** The number of each pass begun, in order. */
  public List<Integer> opened() {
    return opened;
  }

  /** Passes begun and not closed. */
  public int openPasses() {
    return open;
  }

  @Override
  public OptionalInt length() {
    return tellsLength ? OptionalInt.of(length) : OptionalInt.empty();
  }

  @Override
  public DataPass<FakeBatch> open(int pass, int firstBatch) {
    opened.add(pass);
    open++;
    return new DataPass<>() {
      private int next = firstBatch;
      private boolean closed;

      @Override
      public boolean hasNext() {
        return next < length;
      }

      @Override
      public FakeBatch next() {
        if (closed || !hasNext()) {
          throw new NoSuchElementException("pass " + pass + " is over");
        }
        FakeBatch batch = new FakeBatch(pass, next++);
        given.add(batch);
        return batch;
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open--;
        }
      }
    };
  }
}
