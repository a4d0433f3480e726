package org.djlrunner.spi;

import java.util.List;
import java.util.Map;

/** The metrics of one pass over a data set that are no means of its batches. */
public interface Evaluation extends AutoCloseable {
  /** The values by name, over all validation steps since it began; reads the device. */
  Map<String, Double> compute();

  /**
   * What is no single number, as JSON-like data by name, such as a confusion matrix; asked for
   * after {@link #compute}. Nothing unless overridden.
   */
  default Map<String, Object> details() {
    return Map.of();
  }

  /** The details as lines for people; asked for after {@link #compute}. None unless overridden. */
  default List<String> table() {
    return List.of();
  }

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
