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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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
      List<Span> spans = new ArrayList<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        if (entry.getKey().equals(Safetensors.METADATA)) {
          entry
              .getValue()
              .properties()
              .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
        } else {
          Span span = span(file, channel.size() - dataStart, entry);
          spans.add(span);
          tensors.put(entry.getKey(), tensor(channel, dataStart, span, entry.getValue()));
        }
      }
      requireGapless(file, spans, channel.size() - dataStart);
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
    JsonNode header;
    try {
      header = Safetensors.JSON.readTree(json.array());
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is no safetensors file: its header is no valid JSON", e);
    }
    if (!header.isObject()) {
      throw new IOException(file + " is no safetensors file: its header is no JSON object");
    }
    return header;
  }

  /** Where a tensor's bytes lie, counted from the start of the data. */
  private record Span(String name, long begin, long end) {}

  private static Span span(Path file, long dataLength, Map.Entry<String, JsonNode> entry)
      throws IOException {
    JsonNode offsets = entry.getValue().path("data_offsets");
    Span span = new Span(entry.getKey(), count(offsets.path(0)), count(offsets.path(1)));
    if (span.begin < 0 || span.end < span.begin || span.end > dataLength) {
      throw new IOException(
          String.format(
              "%s is truncated or damaged: tensor '%s' lies at %s, the file's data has %d bytes",
              file, span.name, offsets, dataLength));
    }
    return span;
  }

  private static Tensor tensor(FileChannel channel, long dataStart, Span span, JsonNode entry)
      throws IOException {
    DataType type = TensorTypes.named(entry.path("dtype").asText());
    Shape shape = shape(span.name, entry.path("shape"));
    ByteBuffer data =
        channel.map(FileChannel.MapMode.READ_ONLY, dataStart + span.begin, span.end - span.begin);
    return new Tensor(type, shape, data.order(ByteOrder.LITTLE_ENDIAN));
  }

  private static Shape shape(String name, JsonNode sizes) {
    long[] shape = new long[sizes.size()];
    long room = Long.MAX_VALUE / Double.BYTES;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = count(sizes.get(i));
      if (shape[i] < 0 || shape[i] > room) {
        throw new IllegalArgumentException("tensor '" + name + "' can't have the shape " + sizes);
      }
      room /= Math.max(1, shape[i]);
    }
    if (!sizes.isArray()) {
      throw new IllegalArgumentException("tensor '" + name + "' has no shape");
    }
    return new Shape(shape);
  }

  /** The format allows neither overlaps nor holes: every byte belongs to one tensor. */
  private static void requireGapless(Path file, List<Span> spans, long dataLength)
      throws IOException {
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    long covered = 0;
    for (Span span : spans) {
      if (span.begin != covered) {
        throw new IOException(
            String.format(
                "%s is damaged: tensor '%s' lies at %d to %d, its neighbour ends at %d",
                file, span.name, span.begin, span.end, covered));
      }
      covered = span.end;
    }
    if (covered != dataLength) {
      throw new IOException(
          String.format(
              "%s is damaged: its tensors end at %d, its data has %d bytes",
              file, covered, dataLength));
    }
  }

  /** A whole number, -1 for anything else. */
  private static long count(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : -1;
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
