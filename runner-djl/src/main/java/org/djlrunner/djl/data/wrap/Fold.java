package org.djlrunner.djl.data.wrap;

import java.util.stream.IntStream;
import org.djlrunner.djl.data.SplitMix;
import org.djlrunner.djl.data.sampler.Permutation;
import org.jspecify.annotations.Nullable;

/**
 * One of several ways to divide a data set into training and validation: MMClassification's {@code
 * KFoldDataset}.
 *
 * @param fold which part is left out of training, from 0
 * @param splits how many parts there are
 * @param seed picks the division; null for parts of neighbouring samples
 */
public record Fold(int fold, int splits, @Nullable Long seed) {
  /** Rejects a fold that there is not. */
  public Fold {
    if (splits < 2) {
      throw new IllegalArgumentException("num_splits must be at least 2, got " + splits);
    }
    if (fold < 0 || fold >= splits) {
      throw new IllegalArgumentException(
          String.format("fold must be 0 to %d, got %d", splits - 1, fold));
    }
  }

  /**
   * The samples of a part.
   *
   * @param held whether those of the fold are asked for, or all others
   */
  public int[] indices(int size, boolean held) {
    int[] order = Permutation.identity(size);
    if (seed != null) {
      Permutation.shuffled(order, new SplitMix(seed, Permutation.FOLDS, 0));
    }
    int from = start(size, fold);
    int to = start(size, fold + 1);
    return IntStream.range(0, size)
        .filter(i -> (i >= from && i < to) == held)
        .map(i -> order[i])
        .toArray();
  }

  /** How many samples a part has. */
  public int count(int size, boolean held) {
    int own = start(size, fold + 1) - start(size, fold);
    return held ? own : size - own;
  }

  private int start(int size, int part) {
    return (int) ((long) size * part / splits);
  }
}
