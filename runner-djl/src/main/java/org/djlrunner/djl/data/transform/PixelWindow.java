package org.djlrunner.djl.data.transform;

import java.util.Arrays;

/** Copies a window of an image row by row; what lies beyond the image is filled. */
final class PixelWindow {
  private final byte[] from;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] to;

  /**
   * A copy from one image's pixels.
   *
   * @param to where the window's pixels go
   */
  PixelWindow(byte[] from, int height, int width, int channels, byte[] to) {
    this.from = from;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.to = to;
  }

  void copy(int top, int left, int rows, int columns, PaddingMode beyond, FillValue value) {
    int row = columns * channels;
    // The columns that lie within the image, if any.
    int first = Math.min(Math.max(0, -left), columns);
    int last = Math.max(first, Math.min(columns, width - left));
    for (int y = 0; y < rows; y++) {
      int source = beyond.source(top + y, height);
      int start = y * row;
      if (source < 0) {
        fill(start, columns, value);
        continue;
      }
      if (last > first) {
        System.arraycopy(
            from,
            (source * width + left + first) * channels,
            to,
            start + first * channels,
            (last - first) * channels);
      }
      outside(source, start, left, 0, first, beyond, value);
      outside(source, start, left, last, columns, beyond, value);
    }
  }

  /** Fills the columns {@code from} to {@code until} of a row, which lie beyond the image. */
  private void outside(
      int source, int start, int left, int from, int until, PaddingMode beyond, FillValue value) {
    if (beyond == PaddingMode.CONSTANT) {
      fill(start + from * channels, until - from, value);
      return;
    }
    for (int x = from; x < until; x++) {
      int column = beyond.source(left + x, width);
      for (int c = 0; c < channels; c++) {
        to[start + x * channels + c] = this.from[(source * width + column) * channels + c];
      }
    }
  }

  private void fill(int start, int count, FillValue value) {
    if (value.values().size() == 1) {
      Arrays.fill(to, start, start + count * channels, value.at(0));
      return;
    }
    for (int i = start; i < start + count * channels; i += channels) {
      for (int c = 0; c < channels; c++) {
        to[i + c] = value.at(c);
      }
    }
  }
}
