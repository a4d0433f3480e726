package org.djlrunner;

/**
 * An interval of progress, such as every 2 epochs or every 500 iterations.
 *
 * <p>Configs keep MMCV's pair {@code interval} and {@code by_epoch}; inside there is only this.
 *
 * @param count how many units lie between two events; 0 or less means never
 * @param unit epochs or iterations
 */
public record Every(int count, Unit unit) {
  /** What an interval or a schedule counts. */
  public enum Unit {
    /** Passes over the training data. */
    EPOCH,
    /** Training iterations. */
    ITER;

    /** The word for {@code n} of this unit in a sentence or a file name: {@code epoch, iter}. */
    public String word() {
      return this == EPOCH ? "epoch" : "iter";
    }
  }

  /** Every {@code count} epochs. */
  public static Every epochs(int count) {
    return new Every(count, Unit.EPOCH);
  }

  /** Every {@code count} training iterations. */
  public static Every iters(int count) {
    return new Every(count, Unit.ITER);
  }

  /** An interval that never comes. */
  public static Every never() {
    return new Every(0, Unit.EPOCH);
  }

  /**
   * Whether the iteration or pass that is just ending completes an interval.
   *
   * <p>Ask in {@code after_train_iter} for iterations, in {@code after_train_epoch} for epochs; a
   * pass that was cut short completes no epoch.
   */
  public boolean isDue(Progress progress) {
    return switch (unit) {
      case EPOCH -> progress.passComplete() && progress.everyNEpochs(count);
      case ITER -> progress.everyNIters(count);
    };
  }

  /** The interval in words: {@code every epoch}, {@code every 500 iterations}, {@code never}. */
  @Override
  public String toString() {
    if (count <= 0) {
      return "never";
    }
    String units = unit == Unit.EPOCH ? "epoch" : "iteration";
    return count == 1 ? "every " + units : "every " + count + " " + units + "s";
  }
}
