package org.djlrunner.djl.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** The bytes of IDX files that tests write. */
final class IdxBytes {
  private IdxBytes() {}

  /** A header for these dimensions and the content given, which need not fit it. */
  static byte[] of(int[] dimensions, int... content) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + content.length);
    bytes.putInt(0x0800 | dimensions.length);
    for (int dimension : dimensions) {
      bytes.putInt(dimension);
    }
    for (int value : content) {
      bytes.put((byte) value);
    }
    return bytes.array();
  }

  static byte[] gzipped(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  /** Writes a file, gzipped if its name says so. */
  static Path write(Path file, byte[] content) throws IOException {
    return Files.write(file, file.toString().endsWith(".gz") ? gzipped(content) : content);
  }
}
