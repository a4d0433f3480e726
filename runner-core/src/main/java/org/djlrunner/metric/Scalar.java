package org.djlrunner.metric;

import java.util.List;

/** A single number that is either at hand or still on a device. */
public sealed interface Scalar {
  /** A scalar that is at hand. */
  static Scalar of(double value) {
    return new Host(value);
  }

  /** The number; one that is deferred is read, which waits for its device, and is gone then. */
  default double read() {
    return this instanceof Deferred deferred
        ? deferred.source().read(List.of(deferred))[0]
        : ((Host) this).value();
  }

  /** Gives the number up unread. */
  default void release() {
    if (this instanceof Deferred deferred) {
      deferred.source().release(List.of(deferred));
    }
  }

  /**
   * A number at hand.
   *
   * @param value the number
   */
  record Host(double value) implements Scalar {}

  /**
   * A number that a device may not have computed yet. Whoever holds it reads or releases it through
   * its source, once.
   */
  non-sealed interface Deferred extends Scalar {
    /** Who can read this scalar. */
    Source source();
  }

  /** Reads deferred scalars, many in one copy from the device. */
  interface Source {
    /**
     * Reads and releases all of {@code scalars}, waiting for the device once.
     *
     * @return their values, in order
     */
    double[] read(List<Deferred> scalars);

    /** Releases scalars that nobody will read. */
    void release(List<Deferred> scalars);
  }
}
