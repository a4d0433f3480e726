package org.djlrunner.benchmarks;

/** A training that goes on for as long as it is asked to. */
interface Contestant extends AutoCloseable {
  /**
   * Trains some iterations. On a GPU they may still be under way at the return.
   *
   * @param nanos receives what each took the host; its length is their number
   */
  void train(long[] nanos) throws Exception;

  /** Waits until the device has done all that it was asked to. */
  void await();

  /** The last loss that was read. */
  double loss();

  @Override
  void close();
}
