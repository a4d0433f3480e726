package org.djlrunner.metric;

/**
 * A value that hooks watch: a result of evaluations, or what training logs.
 *
 * @param monitor a result's name, such as {@code accuracy_top-1} or {@code EVALUATION/loss}, or
 *     {@code train/NAME} for a value that training logs: {@code train/loss}, {@code
 *     train/grad_norm}, {@code train/loss_scale}
 * @param interval for values of training: iterations that each mean is over, at most {@link
 *     LogBuffer#DEFAULT_CAPACITY}; 0 for the iterations of an epoch
 */
public record Watched(String monitor, int interval) {
  /** What leads the name of a value of training. */
  public static final String TRAIN = "train/";

  /** Rejects names of nothing and windows that don't exist. */
  public Watched {
    if (monitor.isBlank() || monitor.equals(TRAIN)) {
      throw new IllegalArgumentException("monitor must name a value, got '" + monitor + "'");
    }
    if (interval < 0 || interval > LogBuffer.DEFAULT_CAPACITY) {
      throw new IllegalArgumentException(
          "interval must be 1 to "
              + LogBuffer.DEFAULT_CAPACITY
              + " iterations, or 0 for those of an epoch, got "
              + interval);
    }
    if (interval > 0 && !monitor.startsWith(TRAIN)) {
      throw new IllegalArgumentException(
          "interval is for values of training, such as train/loss; evaluations, such as '"
              + monitor
              + "', have intervals of their own");
    }
  }

  /** Whether it is a value of training. */
  public boolean isOfTraining() {
    return monitor.startsWith(TRAIN);
  }

  /** The name where it is logged or reported. */
  public String key() {
    return isOfTraining() ? monitor.substring(TRAIN.length()) : monitor;
  }
}
