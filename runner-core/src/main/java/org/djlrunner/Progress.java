package org.djlrunner;

import java.util.OptionalInt;

/**
 * Where a run stands: zero-based counters, and the limits they run towards.
 *
 * <p>Inside an iteration {@code iter} counts the training iterations finished before it; at {@code
 * after_train_epoch} it already counts the epoch's last one while {@code epoch} still names the
 * epoch that ends. Validation changes neither.
 *
 * @param epoch finished passes over the training data
 * @param iter finished training iterations
 * @param innerIter index of the batch within the current pass
 * @param passLength batches in a pass of the current loader, if it knows
 * @param maxEpochs epochs after which the run ends, for an epoch-based runner
 * @param maxIters training iterations after which the run ends, if known
 * @param passComplete whether the pass that is ending saw its last batch; only ever true in {@code
 *     after_train_epoch} and {@code after_val_epoch}
 */
public record Progress(
    int epoch,
    int iter,
    int innerIter,
    OptionalInt passLength,
    OptionalInt maxEpochs,
    OptionalInt maxIters,
    boolean passComplete) {
  /** The very start of a run without limits. */
  public static final Progress START =
      new Progress(0, 0, 0, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false);

  /** Whether epoch + 1 is a multiple of {@code n}; false for n of 0 or less. */
  public boolean everyNEpochs(int n) {
    return n > 0 && (epoch + 1) % n == 0;
  }

  /** Whether inner iteration + 1 is a multiple of {@code n}; false for n of 0 or less. */
  public boolean everyNInnerIters(int n) {
    return n > 0 && (innerIter + 1) % n == 0;
  }

  /** Whether iteration + 1 is a multiple of {@code n}; false for n of 0 or less. */
  public boolean everyNIters(int n) {
    return n > 0 && (iter + 1) % n == 0;
  }

  /** Whether this is the last batch of the pass; false where the loader doesn't know its length. */
  public boolean endOfEpoch() {
    return passLength.isPresent() && innerIter + 1 == passLength.getAsInt();
  }

  /** Whether the epoch at hand is the run's last; false in a run limited by iterations. */
  public boolean isLastEpoch() {
    return maxEpochs.isPresent() && epoch + 1 == maxEpochs.getAsInt();
  }

  /** Whether the training iteration at hand is the run's last. */
  public boolean isLastIter() {
    return maxIters.isPresent() && iter + 1 == maxIters.getAsInt();
  }

  /**
   * Whether the unit at hand, an epoch or an iteration, is the run's last.
   *
   * <p>A run limited by iterations is in its last epoch once they are spent, which {@code
   * after_train_epoch} can see.
   */
  public boolean isLast(Every.Unit unit) {
    if (unit == Every.Unit.ITER) {
      return isLastIter();
    }
    return isLastEpoch()
        || (maxEpochs.isEmpty() && maxIters.isPresent() && iter >= maxIters.getAsInt());
  }
}
