package org.djlrunner.spi;

import java.util.Map;

/**
 * Keeps copies of what training changes, so that a run can be put back.
 *
 * <p>A copy holds weights, running statistics and optimizer state, not counters of the run and not
 * options of optimizers, such as learning rates. It may live on the device.
 */
@FunctionalInterface
public interface Snapshots {
  /**
   * Copies the present state; nothing needs to be read from the device.
   *
   * @param optimizers the run's, by name; their state is copied too
   */
  Snapshot take(Map<String, Optimizer> optimizers);

  /** A copy of the state, until it is closed. */
  interface Snapshot extends AutoCloseable {
    /** Puts the state back to this copy, which stays as it is and can be restored again. */
    void restore();

    /** Frees the copy. */
    @Override
    void close();
  }
}
