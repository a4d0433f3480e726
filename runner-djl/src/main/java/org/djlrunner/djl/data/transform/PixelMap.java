package org.djlrunner.djl.data.transform;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Where each pixel of an image comes from behind some transforms.
 *
 * <p>Windows, mirror images and rectangles treat rows and columns apart, so a number for each row
 * and each column says it all: {@code source * 256 + rectangles}. A source below 0 is beyond a
 * border, {@code -1 - step} for the last transform that filled there; of a row's and a column's the
 * lower one counts. Bit {@code step} of the rectangles says that the row, or the column, goes
 * through that transform's rectangle: a pixel lies in it if both do. An object serves one thread
 * and one image after another.
 */
public final class PixelMap implements Canvas {
  /** Transforms that fit into a number. */
  public static final int MAX_STEPS = 8;

  private final Axis rows = new Axis();
  private final Axis columns = new Axis();
  private int step;

  /** A map of no image yet. */
  public PixelMap() {}

  /**
   * Puts an image through transforms.
   *
   * @param before the image's size
   * @param transforms at most {@link #MAX_STEPS}
   */
  public void place(Extent before, List<GeometricTransform> transforms, SampleRandom random) {
    rows.begin(before.height());
    columns.begin(before.width());
    for (step = 0; step < transforms.size(); step++) {
      transforms.get(step).place(this, random);
    }
  }

  /** Writes the rows' numbers and then the columns' to a buffer, from its position on. */
  public void writeTo(IntBuffer target) {
    target.put(rows.numbers, 0, rows.size).put(columns.numbers, 0, columns.size);
  }

  @Override
  public int height() {
    return rows.size;
  }

  @Override
  public int width() {
    return columns.size;
  }

  @Override
  public void window(
      int top, int left, int height, int width, PaddingMode beyond, FillValue value) {
    rows.window(top, height, beyond, step);
    columns.window(left, width, beyond, step);
  }

  @Override
  public void flip(boolean horizontally, boolean vertically) {
    if (horizontally) {
      columns.flip();
    }
    if (vertically) {
      rows.flip();
    }
  }

  @Override
  public void fill(int top, int left, int height, int width, FillValue value) {
    rows.mark(top, height, step);
    columns.mark(left, width, step);
  }

  /** The numbers of all rows, or of all columns. */
  private static final class Axis {
    private int[] numbers = new int[0];
    private int[] spare = new int[0];
    private int size;

    void begin(int length) {
      numbers = atLeast(numbers, length);
      size = length;
      for (int i = 0; i < length; i++) {
        numbers[i] = i << MAX_STEPS;
      }
    }

    void window(int from, int length, PaddingMode beyond, int step) {
      int[] moved = atLeast(spare, length);
      for (int i = 0; i < length; i++) {
        int source = beyond.source(from + i, size);
        moved[i] = source < 0 ? (-1 - step) << MAX_STEPS : numbers[source];
      }
      spare = numbers;
      numbers = moved;
      size = length;
    }

    void flip() {
      for (int l = 0, r = size - 1; l < r; l++, r--) {
        int kept = numbers[l];
        numbers[l] = numbers[r];
        numbers[r] = kept;
      }
    }

    void mark(int from, int length, int step) {
      for (int i = from; i < from + length; i++) {
        numbers[i] |= 1 << step;
      }
    }

    private static int[] atLeast(int[] array, int length) {
      return array.length >= length ? array : Arrays.copyOf(array, length);
    }
  }
}
