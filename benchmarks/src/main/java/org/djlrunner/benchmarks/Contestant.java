package org.djlrunner.benchmarks;

/** A training that goes on for as long as it is asked to. */
interface Contestant extends AutoCloseable {
  /**
   * Trains some iterations.
   *
   * @param nanos receives what each took; its length is their number
   */
  void train(long[] nanos) throws Exception;

  /** The last loss that was read. */
  double loss();

  @Override
  void close();
}
