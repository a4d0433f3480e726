package org.djlrunner.djl.data.sampler;

/**
 * An endless stream of shuffled rounds over the data set, of which each pass takes the next piece.
 *
 * <p>A piece is whole batches, as many as it takes for all samples. So every batch is full, none is
 * left out, and batches may hold the end of a round and the beginning of the next. For runs that
 * count iterations.
 *
 * @param samples in the data set, at least 1
 * @param shuffle whether each round has an order of its own
 * @param seed picks the orders, the same for all processes
 * @param replica which process this is; it takes every {@code count}-th sample of the stream
 * @param batchSize samples a batch, at least 1
 */
public record InfiniteSampler(
    int samples, boolean shuffle, long seed, Replica replica, int batchSize) implements Sampler {
  /** Rejects a stream of nothing. */
  public InfiniteSampler {
    if (samples < 1 || batchSize < 1) {
      throw new IllegalArgumentException("an endless stream needs samples, and batches of them");
    }
  }

  @Override
  public int size() {
    int share = (samples + replica.count() - 1) / replica.count();
    return Math.multiplyExact((share + batchSize - 1) / batchSize, batchSize);
  }

  @Override
  public int[] order(int pass) {
    int[] own = new int[size()];
    int[] order = {};
    long drawn = -1;
    for (int i = 0; i < own.length; i++) {
      long position = begin(pass) + replica.position(i);
      long round = position / samples;
      if (round != drawn) {
        order = round(Math.toIntExact(round));
        drawn = round;
      }
      own[i] = order[(int) (position % samples)];
    }
    return own;
  }

  /** A round has each sample once, so that the rounds of a pass tell its visits apart. */
  @Override
  public int[] visits(int pass, int[] order) {
    int[] visits = new int[order.length];
    for (int i = 0; i < visits.length; i++) {
      long position = begin(pass) + replica.position(i);
      visits[i] = (int) (position / samples - begin(pass) / samples);
    }
    return visits;
  }

  /** Where in the stream a pass begins. */
  private long begin(int pass) {
    return (long) pass * size() * replica.count();
  }

  private int[] round(int round) {
    return shuffle ? Permutation.of(samples, seed, round) : Permutation.identity(samples);
  }
}
