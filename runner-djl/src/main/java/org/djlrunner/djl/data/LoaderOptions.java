package org.djlrunner.djl.data;

/**
 * How a loader makes batches.
 *
 * @param batchSize samples a batch, at least 1
 * @param shuffle whether each pass has an order of its own
 * @param dropLast whether a last batch with fewer samples is left out
 * @param workers threads that assemble batches; 0 assembles on the thread that takes them
 * @param prefetchFactor batches in the making a worker, at least 1; default 2
 * @param seed picks the orders
 */
public record LoaderOptions(
    int batchSize, boolean shuffle, boolean dropLast, int workers, int prefetchFactor, long seed) {
  /** Rejects counts that make no loader. */
  public LoaderOptions {
    atLeast("the batch size", batchSize, 1);
    atLeast("the number of workers", workers, 0);
    atLeast("prefetch_factor", prefetchFactor, 1);
  }

  /** Batches for training: shuffled, all of equal size, two workers. */
  public static LoaderOptions training(int batchSize, long seed) {
    return new LoaderOptions(batchSize, true, true, 2, 2, seed);
  }

  /** Batches for evaluation: in order, every sample, two workers. */
  public static LoaderOptions evaluation(int batchSize) {
    return new LoaderOptions(batchSize, false, false, 2, 2, 0);
  }

  /** Batches in a pass over {@code samples}. */
  int batches(int samples) {
    return dropLast ? samples / batchSize : (samples + batchSize - 1) / batchSize;
  }

  /** Batches in the making at a time. */
  int depth() {
    return workers * prefetchFactor;
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", got " + value);
    }
  }
}
