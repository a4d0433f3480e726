package org.djlrunner.log.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A file of records in TensorFlow's framing: the length as 8 bytes, its checksum, the data, its
 * checksum, all little-endian. Checksums are CRC-32C, rotated and shifted by a constant.
 */
final class RecordFile implements AutoCloseable {
  private static final int MASK = 0xa282ead8;

  private final OutputStream out;

  private RecordFile(OutputStream out) {
    this.out = out;
  }

  /** Opens a file, replacing what is there. */
  static RecordFile open(Path file) throws IOException {
    return new RecordFile(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  /** Writes a record, wholly, so that a reader finds it now. */
  void write(byte[] data) throws IOException {
    byte[] length = buffer(Long.BYTES).putLong(data.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(data);
    out.write(checksum(data));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static byte[] checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    return buffer(Integer.BYTES).putInt(masked).array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
