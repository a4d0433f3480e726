package org.djlrunner.djl.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of unsigned bytes in MNIST's IDX format, gzipped or not.
 *
 * @param dimensions number of items, then the size of each: {@code [n]} or {@code [n, rows, cols]}
 * @param bytes the items one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // Tens of megabytes, read once and never compared.
record IdxFile(int[] dimensions, byte[] bytes) {
  private static final int UNSIGNED_BYTE = 0x08;

  /** The largest array that every virtual machine can make. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /**
   * Reads a file whole.
   *
   * @param dimensionCount how many dimensions the file must have
   * @throws DataException if it is missing, not IDX, of other dimensions, too short or too long;
   *     the message names the file and the offset
   */
  static IdxFile read(Path file, int dimensionCount) {
    return reading(
        file,
        in -> {
          int[] dimensions = header(file, in, dimensionCount);
          long size = 1;
          for (int dimension : dimensions) {
            size *= dimension;
          }
          return new IdxFile(dimensions, content(file, in, size, 4 + 4L * dimensionCount));
        });
  }

  /**
   * Reads nothing but the header.
   *
   * @param dimensionCount how many dimensions the file must have
   * @return how many items the file says it has
   * @throws DataException if it is missing, not IDX, of other dimensions or ends within the header
   */
  static int itemsIn(Path file, int dimensionCount) {
    return reading(file, in -> header(file, in, dimensionCount)[0]);
  }

  private interface Reading<T> {
    T of(DataInputStream in) throws IOException;
  }

  private static <T> T reading(Path file, Reading<T> reading) {
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(decompressed(file, raw))) {
      return reading.of(in);
    } catch (EOFException | ZipException e) {
      String reason = e.getMessage() == null ? "it ends within its header" : e.getMessage();
      throw new DataException(file + " is truncated or damaged: " + reason + "; fetch it again", e);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static int[] header(Path file, DataInputStream in, int dimensionCount)
      throws IOException {
    int magic = in.readInt();
    int expected = UNSIGNED_BYTE << 8 | dimensionCount;
    if (magic != expected) {
      throw new DataException(
          String.format(
              "%s is no IDX file of unsigned bytes in %d dimensions: it starts with 0x%08x"
                  + " instead of 0x%08x",
              file, dimensionCount, magic, expected));
    }
    int[] dimensions = new int[dimensionCount];
    long size = 1;
    for (int i = 0; i < dimensionCount; i++) {
      dimensions[i] = in.readInt();
      if (dimensions[i] < 0) {
        throw new DataException(file + " declares a negative dimension at offset " + (4 + 4 * i));
      }
      size *= dimensions[i];
      // Checked at each factor: the product of all could overflow.
      if (size > MAX_BYTES) {
        throw new DataException(
            file + " declares " + size + " bytes or more, more than an IDX file can be");
      }
    }
    return dimensions;
  }

  int items() {
    return dimensions[0];
  }

  private static InputStream decompressed(Path file, InputStream raw) throws IOException {
    InputStream buffered = new BufferedInputStream(raw, 1 << 16);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  private static byte[] content(Path file, InputStream in, long size, long offset)
      throws IOException {
    // A wrong header must not make us allocate gigabytes: readNBytes grows with what is there.
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new DataException(
          String.format(
              "%s is truncated: it ends at offset %d, its header promises %d bytes; fetch it again",
              file, offset + bytes.length, offset + size));
    }
    if (in.read() >= 0) {
      throw new DataException(
          String.format(
              "%s is longer than the %d bytes that its header promises", file, offset + size));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "IdxFile" + Arrays.toString(dimensions);
  }
}
