package org.djlrunner.djl.data.transform;

import java.util.function.IntUnaryOperator;

/**
 * A part of a picture, filled.
 *
 * @param top first row
 * @param left first column
 * @param rows how many
 * @param columns how many
 */
record Rectangle(int top, int left, int rows, int columns) {
  void fill(Picture picture, FillValue value) {
    byte[] pixels = picture.pixels();
    int channels = picture.channels();
    for (int y = top; y < top + rows; y++) {
      int start = (y * picture.width() + left) * channels;
      for (int i = start; i < start + columns * channels; i += channels) {
        for (int c = 0; c < channels; c++) {
          pixels[i + c] = value.at(c);
        }
      }
    }
  }

  /** Each byte of its own. */
  void fill(Picture picture, IntUnaryOperator byChannel) {
    byte[] pixels = picture.pixels();
    int channels = picture.channels();
    for (int y = top; y < top + rows; y++) {
      int start = (y * picture.width() + left) * channels;
      for (int i = 0; i < columns * channels; i++) {
        pixels[start + i] = (byte) byChannel.applyAsInt(i % channels);
      }
    }
  }
}
