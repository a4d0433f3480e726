package org.djlrunner.djl.data.sampler;

/**
 * One process's share of a data set: every {@code count}-th sample of an order that all share.
 *
 * <p>Lengths, padding and shares are those of PyTorch's {@code DistributedSampler}; shuffled orders
 * are those of {@link RandomSampler}, so a single process has the same with either.
 *
 * @param samples in the data set
 * @param shuffle whether each pass has an order of its own
 * @param seed picks the orders, the same for all processes
 * @param replica which process this is
 * @param remainder what becomes of samples that can't be shared out evenly
 */
public record DistributedSampler(
    int samples, boolean shuffle, long seed, Replica replica, Remainder remainder)
    implements Sampler {
  /** Rejects a share of nothing. */
  public DistributedSampler {
    if (replica.share(remainder.total(samples, replica.count())) == 0) {
      throw new IllegalArgumentException(
          String.format(
              "%d samples shared by %d processes leave none for rank %d",
              samples, replica.count(), replica.rank()));
    }
  }

  @Override
  public int size() {
    return replica.share(remainder.total(samples, replica.count()));
  }

  @Override
  public int[] order(int pass) {
    int[] all = shuffle ? Permutation.of(samples, seed, pass) : Permutation.identity(samples);
    int[] own = new int[size()];
    for (int i = 0; i < own.length; i++) {
      // Past the end it begins again, as often as it takes.
      own[i] = all[(int) (replica.position(i) % samples)];
    }
    return own;
  }

  @Override
  public int[] visits(int pass, int[] order) {
    int[] visits = new int[order.length];
    for (int i = 0; i < visits.length; i++) {
      visits[i] = (int) (replica.position(i) / samples);
    }
    return visits;
  }
}
