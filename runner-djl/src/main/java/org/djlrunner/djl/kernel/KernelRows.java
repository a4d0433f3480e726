package org.djlrunner.djl.kernel;

import java.util.Arrays;

/**
 * Ranges of flat arrays with the numbers that hold for each, as a kernel takes them in one call.
 *
 * <p>A row is {@code offset, state offset, length, number...}; neighbours with equal numbers become
 * one row. Offsets are exact as doubles.
 */
public final class KernelRows {
  private static final int RANGE = 3;

  private final int width;
  private double[] values;
  private int end;

  /** Rows with this many numbers each. */
  public KernelRows(int numbers) {
    this.width = RANGE + numbers;
    this.values = new double[4 * width];
  }

  /** One range without numbers. */
  static KernelRows whole(long length) {
    KernelRows rows = new KernelRows(0);
    rows.add(0, 0, length);
    return rows;
  }

  /**
   * Adds a range behind those added before.
   *
   * @param offset its start in parameters and gradients
   * @param stateOffset its start in an optimizer's state
   * @param length its number of elements
   * @param numbers what the kernel's comment lists
   */
  public void add(long offset, long stateOffset, long length, double... numbers) {
    if (numbers.length != width - RANGE) {
      throw new IllegalArgumentException(
          "a row needs " + (width - RANGE) + " numbers, got " + numbers.length);
    }
    if (continues(offset, stateOffset, numbers)) {
      values[end - width + 2] += length;
      return;
    }
    if (end == values.length) {
      values = Arrays.copyOf(values, 2 * values.length);
    }
    values[end] = offset;
    values[end + 1] = stateOffset;
    values[end + 2] = length;
    System.arraycopy(numbers, 0, values, end + RANGE, numbers.length);
    end += width;
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return end == 0;
  }

  /** The number of rows. */
  public int count() {
    return end / width;
  }

  /** All rows behind a kernel's first numbers. */
  double[] behind(double... first) {
    double[] all = Arrays.copyOf(first, first.length + end);
    System.arraycopy(values, 0, all, first.length, end);
    return all;
  }

  double width() {
    return width;
  }

  private boolean continues(long offset, long stateOffset, double[] numbers) {
    int last = end - width;
    return end > 0
        && values[last] + values[last + 2] == offset
        && values[last + 1] + values[last + 2] == stateOffset
        && Arrays.equals(values, last + RANGE, end, numbers, 0, numbers.length);
  }
}
