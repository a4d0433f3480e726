package org.djlrunner.djl.data.transform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a JPEG file says of its picture before the compressed part.
 *
 * @param height rows as the picture is to be seen, turned as EXIF says
 * @param width columns likewise
 * @param scan where the compressed part begins
 * @param heightAt where the number of rows stands, 0 if decoding can't stop before the last one
 * @param blockRows rows that are compressed together
 */
record JpegHeader(int height, int width, int scan, int heightAt, int blockRows) {
  private static final int START_OF_IMAGE = 0xFFD8;
  private static final int END_OF_IMAGE = 0xFFD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int BASELINE = 0xC0;
  private static final int EXTENDED = 0xC1;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int EXIF = 0xE1;
  private static final byte[] EXIF_MARK = {'E', 'x', 'i', 'f', 0, 0};

  /** Whether a file begins as JPEGs do. */
  static boolean begins(byte[] file) {
    return file.length > 2 && at(file, 0) == START_OF_IMAGE;
  }

  /** Reads the header; empty if the file isn't built as JPEGs are, or ends before. */
  static Optional<JpegHeader> read(byte[] file) {
    int height = 0;
    int width = 0;
    int orientation = 1;
    int heightAt = 0;
    int components = 0;
    int blockRows = 8;
    boolean sequential = true;
    int offset = 2;
    while (offset + 4 <= file.length) {
      if ((file[offset] & 0xFF) != 0xFF) {
        return Optional.empty();
      }
      int marker = file[offset + 1] & 0xFF;
      if (marker == 0xFF) {
        offset++;
        continue;
      }
      int length = at(file, offset + 2);
      if (marker == START_OF_SCAN) {
        boolean turned = orientation >= 5;
        // All colours are in this scan, so there is none behind it.
        boolean stoppable =
            sequential
                && orientation == 1
                && offset + 4 < file.length
                && file[offset + 4] == components;
        return height == 0 || width == 0
            ? Optional.empty()
            : Optional.of(
                new JpegHeader(
                    turned ? width : height,
                    turned ? height : width,
                    offset,
                    stoppable ? heightAt : 0,
                    blockRows));
      }
      if (offset + 2 + length > file.length) {
        return Optional.empty();
      }
      if (isFrame(marker) && length >= 8) {
        heightAt = offset + 5;
        height = at(file, heightAt);
        width = at(file, offset + 7);
        components = file[offset + 9] & 0xFF;
        for (int c = offset + 11; c < offset + Math.min(length + 2, 10 + 3 * components); c += 3) {
          blockRows = Math.max(blockRows, 8 * (file[c] & 0xF));
        }
        sequential &= marker == BASELINE || marker == EXTENDED;
      } else if (marker == RESTART_INTERVAL) {
        sequential = false;
      } else if (marker == EXIF) {
        orientation = orientation(file, offset + 4, length - 2, orientation);
      }
      offset += 2 + length;
    }
    return Optional.empty();
  }

  /** Whether the compressed part has an end; a truncated file has none. */
  boolean isComplete(byte[] file) {
    return end(file) > 0;
  }

  /** Where the end mark stands, 0 if there is none. */
  int end(byte[] file) {
    for (int i = file.length - 2; i > scan; i--) {
      if (at(file, i) == END_OF_IMAGE) {
        return i;
      }
    }
    return 0;
  }

  /**
   * The rows to decode so that the first {@code rows} come out as they would of the whole: one
   * block more, for colours of the last row are made from the next one as well.
   */
  int rowsToDecode(int rows) {
    int blocks = (rows + blockRows - 1) / blockRows + 1;
    return heightAt == 0 ? height : Math.min(height, blocks * blockRows);
  }

  /** Frames are C0 to CF, without the tables C4 and CC and the extension C8. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** EXIF's orientation, 1 to 8; the fallback where there is none. */
  private static int orientation(byte[] file, int from, int length, int fallback) {
    if (length < EXIF_MARK.length + 8) {
      return fallback;
    }
    for (int i = 0; i < EXIF_MARK.length; i++) {
      if (file[from + i] != EXIF_MARK[i]) {
        return fallback;
      }
    }
    ByteBuffer tiff =
        ByteBuffer.wrap(file, from + EXIF_MARK.length, length - EXIF_MARK.length).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return fallback;
    }
    int entries = Short.toUnsignedInt(tiff.getShort(directory));
    for (int e = 0; e < entries; e++) {
      int entry = directory + 2 + 12 * e;
      if (entry + 12 > tiff.limit()) {
        return fallback;
      }
      if (tiff.getShort(entry) == 0x0112) {
        int value = Short.toUnsignedInt(tiff.getShort(entry + 8));
        return value >= 1 && value <= 8 ? value : fallback;
      }
    }
    return fallback;
  }

  private static int at(byte[] file, int offset) {
    return (file[offset] & 0xFF) << 8 | (file[offset + 1] & 0xFF);
  }
}
