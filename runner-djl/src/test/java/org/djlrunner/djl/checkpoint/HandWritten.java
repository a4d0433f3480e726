package org.djlrunner.djl.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files put together by hand, as the format's description says. */
final class HandWritten {
  private HandWritten() {}

  /** A file with this header and data. */
  static byte[] file(String header, byte... data) {
    return file(header.getBytes(StandardCharsets.UTF_8), data);
  }

  /** A file with this header and so many bytes of data. */
  static byte[] file(String header, int data) {
    return file(header, new byte[data]);
  }

  /** A file with this header and data. */
  static byte[] file(byte[] header, byte[] data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }
}
