package org.djlrunner.djl.data.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.djlrunner.djl.data.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * As many samples of one class as of any other, in a pass as long as one over the data set.
 *
 * <p>Rounds over the classes, each in an order of its own, take a few samples of each class; a
 * class's samples are walked in shuffled rounds of their own. Small classes so come often, large
 * ones in part. Classes that the data set has no samples of are left out. What MMDetection calls
 * {@code ClassAwareSampler}.
 */
public final class ClassBalancedSampler implements Sampler {
  private final int samples;
  private final IntUnaryOperator labels;
  private final long seed;
  private final Replica replica;
  private final int perClass;
  private final AtomicReference<int @Nullable [][]> byClass = new AtomicReference<>();

  /**
   * A sampler.
   *
   * @param samples in the data set, at least 1
   * @param labels a sample's class, by its index; read once, with the first order
   * @param seed picks the orders, the same for all processes
   * @param replica which process this is; it takes every {@code count}-th sample
   * @param perClass samples of a class in a row, {@code num_sample_class}; 1 or more
   */
  public ClassBalancedSampler(
      int samples, IntUnaryOperator labels, long seed, Replica replica, int perClass) {
    if (perClass < 1) {
      throw new IllegalArgumentException("num_sample_class must be at least 1, got " + perClass);
    }
    this.samples = samples;
    this.labels = labels;
    this.seed = seed;
    this.replica = replica;
    this.perClass = perClass;
  }

  @Override
  public int size() {
    return (samples + replica.count() - 1) / replica.count();
  }

  @Override
  public int[] order(int pass) {
    return replica.shareOf(whole(pass));
  }

  @Override
  public int[] visits(int pass, int[] order) {
    return replica.shareOf(Sampler.super.visits(pass, whole(pass)));
  }

  /** The order that all processes share. */
  private int[] whole(int pass) {
    int[][] members = members();
    Rounds[] walks = new Rounds[members.length];
    SplitMix within = new SplitMix(seed, Permutation.WITHIN_CLASS, pass);
    for (int c = 0; c < members.length; c++) {
      walks[c] = new Rounds(members[c], within);
    }
    Rounds classes =
        new Rounds(
            Permutation.identity(members.length), new SplitMix(seed, Permutation.CLASSES, pass));
    int[] all = new int[Math.multiplyExact(size(), replica.count())];
    int filled = 0;
    while (filled < all.length) {
      Rounds walk = walks[classes.next()];
      for (int i = 0; i < perClass && filled < all.length; i++) {
        all[filled++] = walk.next();
      }
    }
    return all;
  }

  private int[][] members() {
    int[][] known = byClass.get();
    if (known == null) {
      Map<Integer, List<Integer>> found = new TreeMap<>();
      for (int i = 0; i < samples; i++) {
        found.computeIfAbsent(labels.applyAsInt(i), label -> new ArrayList<>()).add(i);
      }
      known =
          found.values().stream()
              .map(indices -> indices.stream().mapToInt(Integer::intValue).toArray())
              .toArray(int[][]::new);
      byClass.set(known);
    }
    return known;
  }

  /** Walks values again and again, in a new order each time. */
  private static final class Rounds {
    private final int[] values;
    private final SplitMix random;
    private int taken;

    Rounds(int[] values, SplitMix random) {
      this.values = values.clone();
      this.random = random;
      this.taken = values.length;
    }

    int next() {
      if (taken == values.length) {
        Permutation.shuffled(values, random);
        taken = 0;
      }
      return values[taken++];
    }
  }
}
