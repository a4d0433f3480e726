package org.djlrunner.hook;

import java.util.Locale;
import java.util.OptionalDouble;
import org.djlrunner.metric.Watched;

/**
 * When a run has learned enough.
 *
 * @param monitor the value to watch: an evaluation result, such as {@code accuracy_top-1}, or
 *     {@code train/NAME} for one that training logs
 * @param rule whether more or less of it is better
 * @param patience evaluations, or means of training, in a row without a new best after which the
 *     run ends, 1 or more
 * @param minDelta by how much a result must beat the best to count as a new one, 0 or more
 * @param threshold a result that is good enough to end the run at once, empty for none
 * @param checkFinite whether a result that is NaN or infinite ends the run at once
 * @param interval for a value of training: iterations that each mean is over, 0 for an epoch's
 */
public record EarlyStopping(
    String monitor,
    Rule rule,
    int patience,
    double minDelta,
    OptionalDouble threshold,
    boolean checkFinite,
    int interval) {
  /** Evaluations without a new best, unless said otherwise. */
  public static final int DEFAULT_PATIENCE = 5;

  /** Which of two results is better. */
  public enum Rule {
    /** The greater one, as for an accuracy. */
    GREATER,
    /** The lesser one, as for a loss. */
    LESS;

    /** Less for names that hold {@code loss}, else greater. */
    public static Rule of(String metric) {
      return metric.toLowerCase(Locale.ROOT).contains("loss") ? LESS : GREATER;
    }

    /** Whether a result beats another one by more than a difference, 0 or more. */
    public boolean isBetter(double value, double than, double by) {
      return this == GREATER ? value - by > than : value + by < than;
    }

    boolean reaches(double value, double threshold) {
      return this == GREATER ? value >= threshold : value <= threshold;
    }
  }

  /** Rejects counts and differences that would stop at once or never. */
  public EarlyStopping {
    new Watched(monitor, interval);
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1, got " + patience);
    }
    if (!(minDelta >= 0) || Double.isInfinite(minDelta)) {
      throw new IllegalArgumentException("min_delta must be 0 or more, got " + minDelta);
    }
    if (threshold.isPresent() && Double.isNaN(threshold.getAsDouble())) {
      throw new IllegalArgumentException("threshold must be a number, got NaN");
    }
  }

  /** Settings whose means of training, if it watches those, are over epochs. */
  public EarlyStopping(
      String monitor,
      Rule rule,
      int patience,
      double minDelta,
      OptionalDouble threshold,
      boolean checkFinite) {
    this(monitor, rule, patience, minDelta, threshold, checkFinite, 0);
  }

  /** Watches a result by the rule of its name, with patience 5 and any improvement. */
  public static EarlyStopping on(String monitor) {
    return new EarlyStopping(
        monitor, Rule.of(monitor), DEFAULT_PATIENCE, 0, OptionalDouble.empty(), true);
  }

  /** The same with another patience. */
  public EarlyStopping patience(int evaluations) {
    return new EarlyStopping(
        monitor, rule, evaluations, minDelta, threshold, checkFinite, interval);
  }

  /** The same with means over so many iterations of training. */
  public EarlyStopping interval(int iterations) {
    return new EarlyStopping(monitor, rule, patience, minDelta, threshold, checkFinite, iterations);
  }

  /** What it watches. */
  public Watched watched() {
    return new Watched(monitor, interval);
  }
}
