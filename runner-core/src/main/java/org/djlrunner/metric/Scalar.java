package org.djlrunner.metric;

import java.util.List;

/** A single number that is at hand, still on a device, or a ratio of two such. */
public sealed interface Scalar {
  /** A scalar that is at hand. */
  static Scalar of(double value) {
    return new Host(value);
  }

  /** The number; one that is deferred is read, which waits for its device, and is gone then. */
  default double read() {
    if (this instanceof Ratio ratio) {
      return ratio.part().read() / ratio.whole().read();
    }
    return this instanceof Deferred deferred
        ? deferred.source().read(List.of(deferred))[0]
        : ((Host) this).value();
  }

  /** Gives the number up unread. */
  default void release() {
    if (this instanceof Deferred deferred) {
      deferred.source().release(List.of(deferred));
    } else if (this instanceof Ratio ratio) {
      ratio.part().release();
      ratio.whole().release();
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

  /**
   * A part of a whole, such as hits among the samples that count. An average of ratios is that of
   * their sums, so one whose whole is 0 weighs nothing.
   *
   * @param part no ratio itself
   * @param whole no ratio itself; 0 or more
   */
  record Ratio(Scalar part, Scalar whole) implements Scalar {}

  /** Reads deferred scalars, many in one copy from the device. */
  interface Source {
    /**
     * Reads and releases all of {@code scalars}, waiting for the device once; if it throws, they
     * are still to be released.
     *
     * @return their values, in order
     */
    double[] read(List<Deferred> scalars);

    /** Releases scalars that nobody will read. */
    void release(List<Deferred> scalars);
  }
}
