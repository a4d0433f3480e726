package org.djlrunner.spi;

/** A running average of a model's trainable weights, kept beside them by the engine. */
public interface WeightAverage {
  /** Begins anew with the present weights; not while it is swapped in. */
  void begin();

  /**
   * Moves the average towards the present weights: {@code average += rate * (weights - average)}.
   *
   * @param rate above 0, at most 1
   */
  void update(double rate);

  /** Exchanges weights and average; twice brings back exactly what was before. */
  void swap();
}
