package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;

/** Snapshots of nothing, numbered from 0, that record what becomes of them. */
public final class FakeSnapshots implements Snapshots {
  private final List<String> calls = new ArrayList<>();
  private int taken;
  private int open;

  /** What was asked, in order: {@code take N}, {@code restore N}, {@code close N}. */
  public List<String> calls() {
    return calls;
  }

  /** Snapshots taken and not closed. */
  public int open() {
    return open;
  }

  @Override
  public Snapshot take(Map<String, Optimizer> optimizers) {
    int number = taken++;
    open++;
    calls.add("take " + number);
    return new Snapshot() {
      @Override
      public void restore() {
        calls.add("restore " + number);
      }

      @Override
      public void close() {
        open--;
        calls.add("close " + number);
      }
    };
  }
}
