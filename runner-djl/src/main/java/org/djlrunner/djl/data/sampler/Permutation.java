package org.djlrunner.djl.data.sampler;

import org.djlrunner.djl.data.SplitMix;

/** Arrangements of the numbers from 0, fixed by a seed. */
public final class Permutation {
  /** The stream of random numbers that orders of passes have; other uses have other numbers. */
  static final int PASS = 100;

  /** That of the order of classes. */
  static final int CLASSES = 101;

  /** That of the samples within a class. */
  static final int WITHIN_CLASS = 102;

  /** That of the division into folds. */
  public static final int FOLDS = 103;

  private Permutation() {}

  /** The numbers from 0 to {@code size - 1}, in order. */
  public static int[] identity(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    return order;
  }

  /** The numbers from 0 to {@code size - 1}, shuffled. */
  static int[] of(int size, long seed, int pass) {
    return shuffled(identity(size), new SplitMix(seed, PASS, pass));
  }

  /** Shuffles an array (Fisher and Yates) and returns it. */
  public static int[] shuffled(int[] order, SplitMix random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
