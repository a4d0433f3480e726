package org.djlrunner.benchmarks;

/** One peer's training of LeNet-5 from fresh weights: {@link Recipe#BATCHES} iterations. */
interface TrainingPass extends AutoCloseable {
  /**
   * Trains one pass; called once.
   *
   * @return the mean loss of the last {@link Recipe#LOG_INTERVAL} iterations
   */
  double train() throws Exception;

  @Override
  void close();
}
