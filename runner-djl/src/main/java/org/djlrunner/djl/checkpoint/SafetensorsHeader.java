package org.djlrunner.djl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A file's header, checked against the file's size. */
final class SafetensorsHeader {
  private final byte[] head;
  private final HeaderParser parsed;
  private final List<StoredTensor> byPlace;

  private SafetensorsHeader(byte[] head, HeaderParser parsed, List<StoredTensor> byPlace) {
    this.head = head;
    this.parsed = parsed;
    this.byPlace = byPlace;
  }

  /**
   * Reads it.
   *
   * @throws CheckpointFormatException if the file is no whole safetensors file
   */
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    if (Files.isDirectory(file)) {
      throw new CheckpointFormatException(file, "is a folder; expected a safetensors file");
    }
    byte[] head = head(file, channel);
    HeaderParser parsed = HeaderParser.parse(file, head);
    List<StoredTensor> byPlace = new ArrayList<>(parsed.tensors());
    byPlace.sort(Comparator.comparingLong(StoredTensor::begin).thenComparing(StoredTensor::end));
    requireWhole(file, byPlace, channel.size() - head.length);
    return new SafetensorsHeader(head, parsed, byPlace);
  }

  /** The file's bytes up to the data: the header's length and the header. */
  byte[] head() {
    return head;
  }

  /** In the header's order. */
  List<StoredTensor> tensors() {
    return parsed.tensors();
  }

  /** In the order of their bytes, without gap or overlap up to the file's end. */
  List<StoredTensor> byPlace() {
    return byPlace;
  }

  /** Free text by name, the checksum too. */
  Map<String, String> metadata() {
    return parsed.metadata();
  }

  private static byte[] head(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES + 2) {
      throw new CheckpointFormatException(
          file, "is no safetensors file: it has only " + size + " bytes");
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(file, channel, length, 0);
    long header = length.flip().getLong();
    if (header < 2 || header > Safetensors.MAX_HEADER) {
      throw new CheckpointFormatException(
          file,
          String.format(
              "is no safetensors file: its first 8 bytes give a header of %s bytes, expected 2 to"
                  + " %d",
              Long.toUnsignedString(header), Safetensors.MAX_HEADER));
    }
    if (header > size - Long.BYTES) {
      throw new CheckpointFormatException(
          file,
          String.format(
              "is truncated or no safetensors file: a header of %d bytes doesn't fit its %d bytes",
              header, size));
    }
    ByteBuffer head = ByteBuffer.allocate(Math.toIntExact(Long.BYTES + header));
    readFully(file, channel, head, 0);
    return head.array();
  }

  /** The format allows neither overlaps nor holes: every byte belongs to one tensor. */
  private static void requireWhole(Path file, List<StoredTensor> byPlace, long dataLength)
      throws CheckpointFormatException {
    long covered = 0;
    for (StoredTensor tensor : byPlace) {
      String place =
          String.format(
              "tensor %s lies at %d to %d",
              HeaderParser.quoted(tensor.name()), tensor.begin(), tensor.end());
      if (tensor.end() > dataLength) {
        throw new CheckpointFormatException(
            file,
            String.format("is truncated or damaged: %s, its data has %d bytes", place, dataLength));
      }
      if (tensor.begin() != covered) {
        throw new CheckpointFormatException(
            file, String.format("is damaged: %s, its neighbour ends at %d", place, covered));
      }
      if (tensor.bytesRead() > Integer.MAX_VALUE) {
        throw new CheckpointFormatException(
            file,
            String.format(
                "can't be read here: tensor %s takes %d bytes, a tensor may take 2^31 - 1",
                HeaderParser.quoted(tensor.name()), tensor.bytesRead()));
      }
      covered = tensor.end();
    }
    if (covered != dataLength) {
      throw new CheckpointFormatException(
          file,
          String.format(
              "is damaged: its tensors end at %d, its data has %d bytes", covered, dataLength));
    }
  }

  /**
   * Reads as much as there is room.
   *
   * @throws CheckpointFormatException if the file ends before
   */
  static void readFully(Path file, FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new CheckpointFormatException(
            file, "is truncated: it ends at " + at + " bytes while it is read");
      }
      at += read;
    }
  }
}
