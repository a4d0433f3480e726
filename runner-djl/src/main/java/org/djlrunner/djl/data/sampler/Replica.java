package org.djlrunner.djl.data.sampler;

/**
 * One of the processes that share a data set.
 *
 * @param rank which one, from 0
 * @param count how many there are, PyTorch's {@code num_replicas}
 */
public record Replica(int rank, int count) {
  /** A process that has the data set to itself. */
  public static final Replica SINGLE = new Replica(0, 1);

  /** Rejects a rank that is not one of {@code count}. */
  public Replica {
    if (count < 1) {
      throw new IllegalArgumentException("num_replicas must be at least 1, got " + count);
    }
    if (rank < 0 || rank >= count) {
      throw new IllegalArgumentException(
          String.format("rank must be 0 to %d, got %d", count - 1, rank));
    }
  }

  /** How many each has, if {@code total} is shared and the last ones get one less. */
  int share(int total) {
    return (total - rank + count - 1) / count;
  }

  /** Where a place of its own is in an order that all share, each taking every n-th. */
  long position(int place) {
    return rank + (long) place * count;
  }

  /** Every {@code count}-th of {@code all}, from the rank on. */
  int[] shareOf(int[] all) {
    int[] own = new int[share(all.length)];
    for (int i = 0; i < own.length; i++) {
      own[i] = all[rank + i * count];
    }
    return own;
  }
}
