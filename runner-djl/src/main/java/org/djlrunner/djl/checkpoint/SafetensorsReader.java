package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;

/**
 * Reads a safetensors file; every length is checked against the file before memory is taken.
 *
 * @param tensors by name, in the header's order; data is mapped from the file
 * @param metadata free text by name
 */
public record SafetensorsReader(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final long MAX_HEADER = 100L << 20;

  /**
   * Opens a file.
   *
   * @throws IOException if it can't be read or is no whole safetensors file; the message says why
   */
  public static SafetensorsReader open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long headerLength = headerLength(file, channel);
      long dataStart = Long.BYTES + headerLength;
      JsonNode header = header(file, channel, headerLength);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        if (entry.getKey().equals(Safetensors.METADATA)) {
          entry
              .getValue()
              .properties()
              .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        } else {
          tensors.put(entry.getKey(), tensor(file, channel, dataStart, entry));
        }
      }
      return new SafetensorsReader(tensors, metadata);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no whole safetensors file: " + e.getMessage(), e);
    }
  }

  private static long headerLength(Path file, FileChannel channel) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length, 0);
    long header = length.flip().remaining() == Long.BYTES ? length.getLong() : -1;
    if (header < 2 || header > MAX_HEADER || Long.BYTES + header > channel.size()) {
      throw new IOException(
          file
              + " is no whole safetensors file: its header doesn't fit its "
              + channel.size()
              + " bytes");
    }
    return header;
  }

  private static JsonNode header(Path file, FileChannel channel, long length) throws IOException {
    ByteBuffer json = ByteBuffer.allocate(Math.toIntExact(length));
    readFully(channel, json, Long.BYTES);
    try {
      return Safetensors.JSON.readTree(json.array());
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no safetensors file: its header is no JSON", e);
    }
  }

  private static Tensor tensor(
      Path file, FileChannel channel, long dataStart, Map.Entry<String, JsonNode> entry)
      throws IOException {
    DataType type = TensorTypes.named(entry.getValue().path("dtype").asText());
    JsonNode sizes = entry.getValue().path("shape");
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong(-1);
    }
    long begin = entry.getValue().path("data_offsets").path(0).asLong(-1);
    long end = entry.getValue().path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end < begin || dataStart + end > channel.size()) {
      throw new IOException(
          String.format(
              "%s is truncated or damaged: tensor '%s' lies at %d to %d, the file's data has %d"
                  + " bytes",
              file, entry.getKey(), begin, end, channel.size() - dataStart));
    }
    ByteBuffer data = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + begin, end - begin);
    return new Tensor(type, new Shape(shape), data.order(ByteOrder.LITTLE_ENDIAN));
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        return;
      }
      at += read;
    }
  }
}
