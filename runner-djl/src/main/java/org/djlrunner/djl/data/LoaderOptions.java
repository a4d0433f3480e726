package org.djlrunner.djl.data;

import java.util.function.IntUnaryOperator;
import org.djlrunner.djl.data.sampler.Replica;
import org.djlrunner.djl.data.sampler.SampledData;
import org.djlrunner.djl.data.sampler.Sampler;
import org.djlrunner.djl.data.sampler.SamplerSpec;

/**
 * How a loader makes batches.
 *
 * @param batchSize samples a batch, at least 1
 * @param shuffle whether each pass has an order of its own
 * @param dropLast whether a last batch with fewer samples is left out
 * @param workers threads that assemble batches; 0 assembles on the thread that takes them
 * @param prefetchFactor batches in the making a worker, at least 1; default 2
 * @param seed picks the orders
 * @param pinMemory whether a GPU's batches are assembled in page-locked memory, and copied ahead of
 *     the step by a side thread; default true. Means nothing on a CPU
 * @param cached whether the whole data set is kept on the device, where batches are then gathered;
 *     default false
 * @param sampler which samples a pass visits, and in which order; unless told, every one once,
 *     shuffled if {@code shuffle} says so
 */
public record LoaderOptions(
    int batchSize,
    boolean shuffle,
    boolean dropLast,
    int workers,
    int prefetchFactor,
    long seed,
    boolean pinMemory,
    boolean cached,
    SamplerSpec sampler) {
  /** Rejects counts that make no loader. */
  public LoaderOptions {
    atLeast("the batch size", batchSize, 1);
    atLeast("the number of workers", workers, 0);
    atLeast("prefetch_factor", prefetchFactor, 1);
  }

  /** The same with {@code pinMemory} and without {@code cached}. */
  public LoaderOptions(
      int batchSize,
      boolean shuffle,
      boolean dropLast,
      int workers,
      int prefetchFactor,
      long seed) {
    this(
        batchSize,
        shuffle,
        dropLast,
        workers,
        prefetchFactor,
        seed,
        true,
        false,
        SamplerSpec.DEFAULT);
  }

  /** Batches for training: shuffled, all of equal size, two workers. */
  public static LoaderOptions training(int batchSize, long seed) {
    return new LoaderOptions(batchSize, true, true, 2, 2, seed);
  }

  /** Batches for evaluation: in order, every sample, two workers. */
  public static LoaderOptions evaluation(int batchSize) {
    return new LoaderOptions(batchSize, false, false, 2, 2, 0);
  }

  /** The same with the whole data set kept on the device, or not. */
  public LoaderOptions cached(boolean onDevice) {
    return new LoaderOptions(
        batchSize, shuffle, dropLast, workers, prefetchFactor, seed, pinMemory, onDevice, sampler);
  }

  /** The same with page-locked memory on a GPU, or not. */
  public LoaderOptions pinMemory(boolean pinned) {
    return new LoaderOptions(
        batchSize, shuffle, dropLast, workers, prefetchFactor, seed, pinned, cached, sampler);
  }

  /** The same with another choice and order of samples. */
  public LoaderOptions sampledBy(SamplerSpec other) {
    return new LoaderOptions(
        batchSize, shuffle, dropLast, workers, prefetchFactor, seed, pinMemory, cached, other);
  }

  /**
   * The sampler for a data set of that many samples.
   *
   * @param labels a sample's class, by its index
   */
  public Sampler samplerOf(int samples, IntUnaryOperator labels) {
    return sampler.create(
        new SampledData(samples, labels, batchSize, shuffle, seed, Replica.SINGLE));
  }

  /**
   * The sampler for a data set, of which at least one batch comes out.
   *
   * @throws IllegalArgumentException if none does
   */
  Sampler requireBatches(int samples, IntUnaryOperator labels) {
    if (samples == 0) {
      throw new IllegalArgumentException("the data set is empty");
    }
    Sampler own = samplerOf(samples, labels);
    if (batches(own.size()) == 0) {
      throw new IllegalArgumentException(
          String.format(
              "the batch size %d is larger than the %d samples of a pass, and drop_last leaves"
                  + " out the incomplete batch: nothing is left. Lower samples_per_gpu or set"
                  + " drop_last: false",
              batchSize, own.size()));
    }
    return own;
  }

  /** Batches in a pass over a data set of that many samples, as the sampler takes them. */
  public int batchesOver(int dataSize) {
    return batches(
        samplerOf(
                dataSize,
                index -> {
                  throw new IllegalStateException("a sampler's size doesn't follow from labels");
                })
            .size());
  }

  /** Batches of {@code samples}. */
  public int batches(int samples) {
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
