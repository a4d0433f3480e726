package org.djlrunner.djl.data.transform;

import java.util.ArrayList;
import java.util.List;

/** Small pictures for tests, written and read as rows of numbers. */
final class Pictures {
  private Pictures() {}

  /** A grey picture. */
  static Picture grey(int[][] rows) {
    return of(rows, 1);
  }

  /** A picture of three channels: each row red, green, blue, red, green, blue and so on. */
  static Picture rgb(int[][] rows) {
    return of(rows, 3);
  }

  /** What is in a picture, row by row. */
  static List<List<Integer>> rows(Picture picture) {
    byte[] pixels = picture.pixels();
    int row = picture.width() * picture.channels();
    List<List<Integer>> rows = new ArrayList<>();
    for (int y = 0; y < picture.height(); y++) {
      List<Integer> values = new ArrayList<>();
      for (int i = 0; i < row; i++) {
        values.add(pixels[y * row + i] & 0xFF);
      }
      rows.add(values);
    }
    return rows;
  }

  /** What a transform makes of a grey picture, with the random numbers of a sample. */
  static List<List<Integer>> after(ImageTransform transform, int[][] rows, long sample) {
    try (Picture picture = grey(rows)) {
      transform.apply(picture, new SampleRandom().begin(0, 0, sample));
      return rows(picture);
    }
  }

  /** What a transform makes of a grey picture. */
  static List<List<Integer>> after(ImageTransform transform, int[][] rows) {
    return after(transform, rows, 0);
  }

  /** What a transform makes of a picture of three channels. */
  static List<List<Integer>> afterRgb(ImageTransform transform, int[][] rows) {
    try (Picture picture = rgb(rows)) {
      transform.apply(picture, new SampleRandom().begin(0, 0, 0));
      return rows(picture);
    }
  }

  /** Rows of consecutive numbers, from 0. */
  static int[][] counting(int height, int width) {
    int[][] rows = new int[height][width];
    for (int i = 0; i < height * width; i++) {
      rows[i / width][i % width] = i;
    }
    return rows;
  }

  private static Picture of(int[][] rows, int channels) {
    Picture picture = new Picture();
    byte[] pixels = picture.begin(rows.length, rows[0].length / channels, channels);
    int i = 0;
    for (int[] row : rows) {
      for (int value : row) {
        pixels[i++] = (byte) value;
      }
    }
    return picture;
  }
}
