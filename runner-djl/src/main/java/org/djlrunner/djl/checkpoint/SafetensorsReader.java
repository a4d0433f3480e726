package org.djlrunner.djl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;

/**
 * Reads a safetensors file; the header is checked against the file before memory is taken.
 *
 * <p>Data is mapped: it is read when it is looked at, and a file that is renamed or deleted
 * meanwhile stays readable. One that is cut or overwritten in place meanwhile is not; nobody here
 * writes so.
 *
 * @param tensors by name, in the header's order, made anew at each request; BF16 comes as float32,
 *     in memory of its own
 * @param metadata free text by name, without the file's checksum
 */
public record SafetensorsReader(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final int CHUNK = 1 << 20;

  /**
   * Opens a file.
   *
   * @throws CheckpointFormatException if it is no whole safetensors file, or a tensor has a type
   *     that DJL's PyTorch engine lacks or takes 2 GiB or more; the message says why
   * @throws IOException if it can't be read
   */
  public static SafetensorsReader open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header = SafetensorsHeader.read(file, channel);
      Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
      metadata.remove(FileChecksum.NAME);
      return new SafetensorsReader(
          new MappedTensors(channel, header.head().length, header.tensors(), header.byPlace()),
          metadata);
    }
  }

  /**
   * Reads a file once from beginning to end, checks its header as {@link #open} does, and compares
   * its checksum.
   *
   * @return whether it has a checksum; files of other programs have none and are whole as far as
   *     their header tells
   * @throws CheckpointFormatException if it is damaged, or can't be read here
   * @throws IOException if it can't be read
   */
  public static boolean verify(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] head = SafetensorsHeader.read(file, channel).head();
      OptionalInt expected = FileChecksum.in(file, head);
      FileChecksum checksum = new FileChecksum(head);
      long size = channel.size();
      long at = head.length;
      ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size - at));
      while (at < size) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), size - at));
        SafetensorsHeader.readFully(file, channel, chunk, at);
        at += chunk.position();
        checksum.update(chunk.flip());
      }
      if (expected.isPresent() && expected.getAsInt() != checksum.value()) {
        throw new CheckpointFormatException(
            file,
            String.format(
                "is damaged: its checksum is %s, that of its content %s",
                FileChecksum.digits(expected.getAsInt()), FileChecksum.digits(checksum.value())));
      }
      return expected.isPresent();
    }
  }
}
