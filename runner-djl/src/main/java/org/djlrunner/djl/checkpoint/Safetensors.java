package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes tensors in the safetensors format: an 8-byte length, a JSON header, the data.
 *
 * <p>Little-endian, tensors one after the other, each at a multiple of its elements' size, counted
 * from the start of the data as from the start of the file. Nothing in a file is code. The metadata
 * begins with a checksum of the whole file, {@code file_crc32c}, which {@link
 * SafetensorsReader#verify} compares and other readers take for text.
 */
public final class Safetensors {
  /** The header's key for free text about the file. */
  static final String METADATA = "__metadata__";

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The longest header that readers of the format take. */
  static final long MAX_HEADER = 100_000_000;

  private static final int ALIGNMENT = 8;

  /** So much is written at once: the JDK copies what lies on the heap to as much memory outside. */
  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /**
   * One tensor whose elements are there.
   *
   * @param type element type: one of float32, float64, float16, uint8, int8, int32, int64, boolean
   * @param shape its shape
   * @param data its elements, row-major, little-endian
   */
  public record Tensor(DataType type, Shape shape, ByteBuffer data) implements TensorSource {
    /** Rejects data whose length doesn't fit the shape. */
    public Tensor {
      long bytes = shape.size() * type.getNumOfBytes();
      if (data.remaining() != bytes) {
        throw new IllegalArgumentException(
            String.format(
                "a tensor %s of %s has %d bytes, got %d", shape, type, bytes, data.remaining()));
      }
    }
  }

  /**
   * Writes a file.
   *
   * @param file replaced if it exists; neither atomic nor flushed to the disk
   * @param tensors in the header's order; their data lies, and is asked for, in the same order, but
   *     that of larger elements first, so that all of it is aligned
   * @param metadata free text by name; {@code file_crc32c} is taken
   * @throws IOException if it can't be written, or a source fails; the file is then unfinished
   * @throws IllegalArgumentException if names, types or sizes don't fit the format; nothing is
   *     written. Or if a source gives another number of bytes than its shape needs
   */
  public static void write(
      Path file, Map<String, ? extends TensorSource> tensors, Map<String, String> metadata)
      throws IOException {
    List<Entry> entries = entries(tensors);
    List<Entry> byPlace = byPlace(entries);
    byte[] head = head(entries, byPlace, metadata);
    FileChecksum checksum = new FileChecksum(head);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(head));
      for (Entry entry : byPlace) {
        writeData(channel, entry, checksum);
      }
      channel.position(FileChecksum.PLACE);
      String digits = FileChecksum.digits(checksum.value());
      writeFully(channel, ByteBuffer.wrap(digits.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** A tensor to write. */
  private record Entry(String name, TensorSource source, DataType type, Shape shape, long bytes) {}

  private static List<Entry> entries(Map<String, ? extends TensorSource> tensors) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, ? extends TensorSource> named : tensors.entrySet()) {
      String name = named.getKey();
      TensorSource source = named.getValue();
      if (name.equals(METADATA)) {
        throw new IllegalArgumentException(
            "no tensor can be called " + METADATA + ", the format's word for free text; rename it");
      }
      DataType type = source.type();
      Shape shape = source.shape();
      long bytes = shape.size() * type.getNumOfBytes();
      if (bytes < 0 || bytes > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            String.format(
                "tensor '%s' %s of %s is too large: a tensor may have 2^31 - 1 bytes; split it",
                name, shape, type));
      }
      entries.add(new Entry(name, source, type, shape, bytes));
    }
    return entries;
  }

  /** Large elements first, so that each tensor begins at a multiple of its elements' size. */
  private static List<Entry> byPlace(List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt(entry -> -entry.type.getNumOfBytes()));
    return sorted;
  }

  private static byte[] head(List<Entry> entries, List<Entry> byPlace, Map<String, String> metadata)
      throws IOException {
    Map<String, String> text = new LinkedHashMap<>();
    text.put(FileChecksum.NAME, FileChecksum.UNKNOWN);
    text.putAll(metadata);
    if (text.size() == metadata.size()) {
      throw new IllegalArgumentException(
          "the metadata's name " + FileChecksum.NAME + " is taken by the file's checksum");
    }
    Map<String, Long> begins = new HashMap<>();
    long end = 0;
    for (Entry entry : byPlace) {
      begins.put(entry.name, end);
      end += entry.bytes;
    }
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(METADATA, text);
    for (Entry entry : entries) {
      Map<String, Object> described = new LinkedHashMap<>();
      long begin = Objects.requireNonNull(begins.get(entry.name));
      described.put("dtype", TensorTypes.name(entry.type));
      described.put("shape", entry.shape.getShape());
      described.put("data_offsets", List.of(begin, begin + entry.bytes));
      header.put(entry.name, described);
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    // One more for the blank that FileChecksum puts behind the brace.
    int length = (json.length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (length > MAX_HEADER) {
      throw new IllegalArgumentException(
          String.format(
              "names, shapes and metadata take %d bytes; the format allows %d",
              length, MAX_HEADER));
    }
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(length).put((byte) '{').put((byte) ' ').put(json, 1, json.length - 1);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    return head.array();
  }

  private static void writeData(FileChannel channel, Entry entry, FileChecksum checksum)
      throws IOException {
    ByteBuffer data = entry.source.data().duplicate();
    if (data.remaining() != entry.bytes) {
      throw new IllegalArgumentException(
          String.format(
              "tensor '%s' %s of %s has %d bytes, its source gave %d",
              entry.name, entry.shape, entry.type, entry.bytes, data.remaining()));
    }
    while (data.hasRemaining()) {
      int length = Math.min(CHUNK, data.remaining());
      ByteBuffer chunk = data.slice(data.position(), length);
      checksum.update(chunk.duplicate());
      writeFully(channel, chunk);
      data.position(data.position() + length);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }
}
