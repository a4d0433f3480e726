package org.djlrunner.checkpoint;

/** Which of two results of a metric is better. */
@FunctionalInterface
public interface BetterScore {
  /**
   * Whether one result is better than another one, and not just as good.
   *
   * @param metric the result's name, such as {@code accuracy_top-1}
   * @throws IllegalArgumentException if that can't be told for this metric
   */
  boolean isBetter(String metric, double score, double than);
}
