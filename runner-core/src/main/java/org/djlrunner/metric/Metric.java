package org.djlrunner.metric;

import java.util.Map;

/**
 * A number about a whole data set, such as a recall, that is gathered batch by batch.
 *
 * <p>What is no mean over samples can't be a log variable of a step; it is a metric.
 *
 * @param <O> what it sees of a batch
 */
public interface Metric<O> {
  /** An empty state; whoever begins it closes it. */
  State<O> init();

  /**
   * What was seen so far; it may lie on a device.
   *
   * @param <O> what it sees of a batch
   */
  interface State<O> extends AutoCloseable {
    /** Adds a batch without reading the device. */
    void merge(O output);

    /** The values by name over all that was merged; reads the device. */
    Map<String, Double> compute();

    @Override
    void close();
  }
}
