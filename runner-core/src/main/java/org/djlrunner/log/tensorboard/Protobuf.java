package org.djlrunner.log.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes one protocol buffer message, field by field. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FOUR_BYTES = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The message so far. */
  byte[] toBytes() {
    return bytes.toByteArray();
  }

  /** A field of type int64. */
  Protobuf int64(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /** A field of type double. */
  Protobuf float64(int field, double value) {
    key(field, EIGHT_BYTES);
    littleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
    return this;
  }

  /** A field of type float. */
  Protobuf float32(int field, float value) {
    key(field, FOUR_BYTES);
    littleEndian(Float.floatToRawIntBits(value), Float.BYTES);
    return this;
  }

  /** A field of type string. */
  Protobuf text(int field, String value) {
    return delimited(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A field that is a message itself. */
  Protobuf message(int field, Protobuf value) {
    return delimited(field, value.toBytes());
  }

  private Protobuf delimited(int field, byte[] value) {
    key(field, LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void key(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  /** Seven bits a byte, the lowest first; the eighth says that more follow. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private void littleEndian(long bits, int count) {
    for (int i = 0; i < count; i++) {
      bytes.write((int) (bits >>> (8 * i)));
    }
  }
}
