package org.djlrunner.djl.data.sampler;

/**
 * Every sample once, in an order of the pass's own.
 *
 * @param size samples in the data set
 * @param seed picks the orders
 */
public record RandomSampler(int size, long seed) implements Sampler {
  @Override
  public int[] order(int pass) {
    return Permutation.of(size, seed, pass);
  }
}
