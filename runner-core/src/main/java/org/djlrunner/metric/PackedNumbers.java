package org.djlrunner.metric;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Many numbers as a short text, bit for bit: big-endian, deflated, in base 64. */
final class PackedNumbers {
  private PackedNumbers() {}

  /** Packs bytes. */
  static String pack(byte[] numbers) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(numbers);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] chunk = new byte[8192];
      while (!deflater.finished()) {
        packed.write(chunk, 0, deflater.deflate(chunk));
      }
      return Base64.getEncoder().encodeToString(packed.toByteArray());
    } finally {
      deflater.end();
    }
  }

  /**
   * The reverse.
   *
   * @param bytes how many there must be
   * @throws IllegalArgumentException if the text isn't what {@link #pack} makes of so many
   */
  static ByteBuffer unpack(String text, int bytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(Base64.getDecoder().decode(text));
      byte[] numbers = new byte[bytes];
      int length = inflater.inflate(numbers);
      if (length != bytes || (bytes > 0 && inflater.inflate(new byte[1]) != 0)) {
        throw new IllegalArgumentException("packed numbers are not " + bytes + " bytes");
      }
      return ByteBuffer.wrap(numbers);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("packed numbers are damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
