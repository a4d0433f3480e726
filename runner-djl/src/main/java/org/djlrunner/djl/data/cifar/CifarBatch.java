package org.djlrunner.djl.data.cifar;

import java.util.function.IntFunction;
import org.djlrunner.djl.data.DataException;

/**
 * The images of one file.
 *
 * @param file where they came from
 * @param labels {@code [N]}
 * @param pixels {@code [N, 32, 32, 3]}
 */
@SuppressWarnings("ArrayRecordComponent") // Tens of megabytes, read once and never compared.
record CifarBatch(String file, byte[] labels, byte[] pixels) {
  static final int SIDE = 32;
  static final int CHANNELS = 3;

  /** The bytes of an image. */
  static final int IMAGE = SIDE * SIDE * CHANNELS;

  private static final int PLANE = SIDE * SIDE;

  /** Reads what a file of either layout holds. */
  static CifarBatch read(CifarKind kind, CifarLayout layout, String file, byte[] content) {
    return layout == CifarLayout.BINARY
        ? CifarRecords.read(kind, file, content)
        : PickledBatch.read(kind, file, content);
  }

  int size() {
    return labels.length;
  }

  /**
   * Checks a label.
   *
   * @param where says where the file has that of a sample
   */
  static byte label(CifarKind kind, int label, int index, String file, IntFunction<String> where) {
    if (label < 0 || label >= kind.classes().size()) {
      throw new DataException(
          String.format(
              "%s: the label of image %d is %d%s; expected 0 to %d",
              file, index, label, where.apply(index), kind.classes().size() - 1));
    }
    return (byte) label;
  }

  /** Turns red, green and blue planes, one after the other, into pixels. */
  static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int i = 0; i < PLANE; i++) {
      int target = to + i * CHANNELS;
      pixels[target] = planes[from + i];
      pixels[target + 1] = planes[from + PLANE + i];
      pixels[target + 2] = planes[from + 2 * PLANE + i];
    }
  }
}
