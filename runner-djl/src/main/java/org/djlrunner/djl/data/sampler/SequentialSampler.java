package org.djlrunner.djl.data.sampler;

/**
 * Every sample once, in the data set's order.
 *
 * @param size samples in the data set
 */
public record SequentialSampler(int size) implements Sampler {
  @Override
  public int[] order(int pass) {
    return Permutation.identity(size);
  }
}
