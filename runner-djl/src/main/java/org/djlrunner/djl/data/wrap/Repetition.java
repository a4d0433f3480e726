package org.djlrunner.djl.data.wrap;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.LabelledImages;

/** How often each sample of a data set comes: as a list of indices for {@link ChosenSamples}. */
public final class Repetition {
  private Repetition() {}

  /** All samples, {@code times} over: MMClassification's {@code RepeatDataset}. */
  public static int[] times(int size, int times) {
    int[] indices = new int[count(size, times)];
    Arrays.setAll(indices, i -> i % size);
    return indices;
  }

  /**
   * How many that are.
   *
   * @throws IllegalArgumentException if they are more than can be counted
   */
  public static int count(int size, int times) {
    long count = (long) size * times;
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format("%d samples %d times over are too many", size, times));
    }
    return (int) count;
  }

  /**
   * Rare classes more often: MMClassification's {@code ClassBalancedDataset} (Gupta et al. 2019).
   *
   * <p>Of a class with the share {@code f} of all samples, each comes {@code ceil(max(1, sqrt(t /
   * f)))} times in a row.
   *
   * @param threshold {@code t}, {@code oversample_thr}: classes of at least this share are left as
   *     they are; above 0
   */
  public static int[] balanced(LabelledImages images, double threshold) {
    int size = Math.toIntExact(images.size());
    int[] counts = new int[images.classes().size()];
    for (int i = 0; i < size; i++) {
      int label = images.label(i);
      if (label < 0 || label >= counts.length) {
        throw new DataException(
            String.format(
                "%s has label %d; the data set has the classes 0 to %d",
                images.name(i), label, counts.length - 1));
      }
      counts[label]++;
    }
    int[] repeats = new int[counts.length];
    for (int c = 0; c < counts.length; c++) {
      double share = (double) counts[c] / size;
      repeats[c] = (int) Math.ceil(Math.max(1, Math.sqrt(threshold / share)));
    }
    return IntStream.range(0, size)
        .flatMap(i -> IntStream.range(0, repeats[images.label(i)]).map(again -> i))
        .toArray();
  }
}
