package org.djlrunner.djl.data.sampler;

import java.util.Arrays;
import org.djlrunner.djl.data.SplitMix;

/**
 * Every sample once, nearly shuffled, in long reads: for data that lies in pieces on slow disks.
 *
 * <p>The data set is cut into pieces of neighbouring samples. The pieces come in an order of the
 * pass's own; within a window over that sequence the samples are shuffled. So only a window's worth
 * of pieces is read from at a time, as WebDataset does with shuffled shards and a shuffle buffer.
 *
 * @param samples in the data set
 * @param seed picks the orders
 * @param piece samples a piece, at least 1; the last may have fewer
 * @param window samples that are shuffled among each other, at least 1
 */
public record ShardSampler(int samples, long seed, int piece, int window) implements Sampler {
  private static final int WITHIN_WINDOW = 104;

  /** Rejects pieces of nothing. */
  public ShardSampler {
    if (piece < 1 || window < 1) {
      throw new IllegalArgumentException(
          String.format("piece and window must be at least 1, got %d and %d", piece, window));
    }
  }

  @Override
  public int size() {
    return samples;
  }

  @Override
  public int[] order(int pass) {
    int[] order = new int[samples];
    int filled = 0;
    for (int chosen : Permutation.of((samples + piece - 1) / piece, seed, pass)) {
      int end = Math.min((chosen + 1) * piece, samples);
      for (int i = chosen * piece; i < end; i++) {
        order[filled++] = i;
      }
    }
    SplitMix random = new SplitMix(seed, WITHIN_WINDOW, pass);
    for (int from = 0; from < samples; from += window) {
      int to = Math.min(from + window, samples);
      int[] shuffled = Permutation.shuffled(Arrays.copyOfRange(order, from, to), random);
      System.arraycopy(shuffled, 0, order, from, shuffled.length);
    }
    return order;
  }
}
