package org.djlrunner.spi;

import java.util.Map;

/** The metrics of one pass over a data set that are no means of its batches. */
public interface Evaluation extends AutoCloseable {
  /** The values by name, over all validation steps since it began; reads the device. */
  Map<String, Double> compute();

  @Override
  void close();

  /** An evaluation without metrics. */
  static Evaluation none() {
    return new Evaluation() {
      @Override
      public Map<String, Double> compute() {
        return Map.of();
      }

      @Override
      public void close() {}
    };
  }
}
