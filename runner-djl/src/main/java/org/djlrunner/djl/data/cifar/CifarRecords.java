package org.djlrunner.djl.data.cifar;

import org.djlrunner.djl.data.DataException;

/** The binary layout: records of one or two labels and three planes of pixels. */
final class CifarRecords {
  private CifarRecords() {}

  /** The bytes of a record. */
  static int bytes(CifarKind kind) {
    return kind.labelBytes() + CifarBatch.IMAGE;
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it ends within a record, is empty, or has a label out of range
   */
  static CifarBatch read(CifarKind kind, String file, byte[] content) {
    int count = count(kind, file, content.length);
    byte[] labels = new byte[count];
    byte[] pixels = new byte[count * CifarBatch.IMAGE];
    for (int i = 0; i < count; i++) {
      int end = i * bytes(kind) + kind.labelBytes();
      labels[i] =
          CifarBatch.label(
              kind,
              content[end - 1] & 0xff,
              i,
              file,
              index -> " (offset " + (index * bytes(kind) + kind.labelBytes() - 1) + ")");
      CifarBatch.interleave(content, end, pixels, i * CifarBatch.IMAGE);
    }
    return new CifarBatch(file, labels, pixels);
  }

  /**
   * How many records a file of that many bytes has.
   *
   * @throws DataException if that is no whole number above 0
   */
  static int count(CifarKind kind, String file, long bytes) {
    if (bytes == 0) {
      throw new DataException(file + " is empty; fetch it again");
    }
    long count = bytes / bytes(kind);
    if (bytes % bytes(kind) != 0) {
      throw new DataException(
          String.format(
              "%s is truncated or no %s file: it ends at offset %d, within record %d, which begins"
                  + " at %d; each has %d bytes. Fetch it again",
              file, kind.title(), bytes, count, count * bytes(kind), bytes(kind)));
    }
    return Math.toIntExact(count);
  }
}
