package org.djlrunner.djl.data.sampler;

import java.util.function.IntUnaryOperator;

/**
 * What a sampler may know of the data set and the loader that it works for.
 *
 * @param size samples in the data set
 * @param labels a sample's class, by its index; asked for only when a sampler goes by classes
 * @param batchSize samples a batch
 * @param shuffle whether the loader shuffles
 * @param seed the loader's
 * @param replica which of the processes that share the data set this is
 */
public record SampledData(
    int size, IntUnaryOperator labels, int batchSize, boolean shuffle, long seed, Replica replica) {
  /** The same for another of the processes that share the data set. */
  public SampledData on(Replica other) {
    return new SampledData(size, labels, batchSize, shuffle, seed, other);
  }

  /** The same with another seed. */
  public SampledData seed(long other) {
    return new SampledData(size, labels, batchSize, shuffle, other, replica);
  }

  /** The same, shuffled or not. */
  public SampledData shuffle(boolean shuffled) {
    return new SampledData(size, labels, batchSize, shuffled, seed, replica);
  }
}
