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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes tensors in the safetensors format: an 8-byte length, a JSON header, the data.
 *
 * <p>Little-endian, tensors one after the other in the order given, the header padded so that the
 * data starts at a multiple of 8. Nothing in a file is code.
 */
public final class Safetensors {
  /** The header's key for free text about the file. */
  static final String METADATA = "__metadata__";

  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /**
   * One tensor.
   *
   * @param type element type: one of float32, float64, float16, uint8, int8, int32, int64, boolean
   * @param shape its shape
   * @param data its elements, row-major, little-endian
   */
  public record Tensor(DataType type, Shape shape, ByteBuffer data) {
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
   * @param file replaced if it exists; not atomic
   * @param metadata free text by name
   * @throws IOException if it can't be written
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ByteBuffer header = header(tensors, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, header);
      for (Tensor tensor : tensors.values()) {
        writeFully(channel, tensor.data().duplicate());
      }
    }
  }

  private static ByteBuffer header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put(METADATA, metadata);
    long offset = 0;
    for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
      Tensor tensor = named.getValue();
      long end = offset + tensor.data().remaining();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", TensorTypes.name(tensor.type()));
      entry.put("shape", tensor.shape().getShape());
      entry.put("data_offsets", List.of(offset, end));
      entries.put(named.getKey(), entry);
      offset = end;
    }
    byte[] json = JSON.writeValueAsString(entries).getBytes(StandardCharsets.UTF_8);
    int padding = (ALIGNMENT - json.length % ALIGNMENT) % ALIGNMENT;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(json.length + (long) padding).put(json);
    for (int i = 0; i < padding; i++) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }
}
