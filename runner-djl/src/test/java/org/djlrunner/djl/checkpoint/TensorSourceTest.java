package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is written tensor by tensor, so that it may be larger than memory. */
@DisplayName("B01 tensors are made when they are written")
class TensorSourceTest {
  private static final int LARGEST = Integer.MAX_VALUE;

  @TempDir private Path folder;

  /** Gives what it is told to, and notes when. */
  private record Source(
      DataType type, Shape shape, String name, List<String> asked, ByteBuffer buffer)
      implements TensorSource {
    @Override
    public ByteBuffer data() {
      asked.add(name);
      for (int i = 0; i < buffer.capacity(); i++) {
        buffer.put(i, (byte) (i * 31 + asked.size()));
      }
      return buffer;
    }
  }

  @Test
  void eachIsAskedOnceWhenTheOneBeforeItIsWritten() throws IOException {
    Path file = folder.resolve("shared.safetensors");
    // More than is written at once, and a rest.
    ByteBuffer shared = ByteBuffer.allocate((2 << 20) + 4);
    Shape shape = new Shape(shared.capacity() / 4);
    List<String> asked = new ArrayList<>();
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    for (String name : List.of("first", "second", "third")) {
      sources.put(name, new Source(DataType.FLOAT32, shape, name, asked, shared));
    }

    Safetensors.write(file, sources, Map.of());

    assertThat(asked).containsExactly("first", "second", "third");
    assertThat(shared.position()).as("the source's buffer is left as it is").isZero();
    Map<String, Tensor> read = SafetensorsReader.open(file).tensors();
    int nth = 0;
    for (String name : asked) {
      nth++;
      byte[] expected = new byte[shared.capacity()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (byte) (i * 31 + nth);
      }
      assertThat(read.get(name))
          .as(name)
          .isEqualTo(new Tensor(DataType.FLOAT32, shape, ByteBuffer.wrap(expected)));
    }
  }

  @Test
  void largerElementsComeFirstSoThatAllAreAligned() throws IOException {
    Path file = folder.resolve("aligned.safetensors");
    List<String> asked = new ArrayList<>();
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    for (DataType type :
        List.of(DataType.BOOLEAN, DataType.FLOAT16, DataType.INT64, DataType.UINT8)) {
      ByteBuffer buffer = ByteBuffer.allocate(3 * type.getNumOfBytes());
      sources.put(type.name(), new Source(type, new Shape(3), type.name(), asked, buffer));
    }

    Safetensors.write(file, sources, Map.of());

    assertThat(asked).containsExactly("INT64", "FLOAT16", "BOOLEAN", "UINT8");
    assertThat(SafetensorsReader.open(file).tensors().keySet())
        .as("the header keeps the order given")
        .containsExactly("BOOLEAN", "FLOAT16", "INT64", "UINT8");
  }

  @Test
  void offsetsHave64Bits() throws IOException {
    Path file = folder.resolve("large.safetensors");
    Map<String, TensorSource> sources = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      sources.put(name, failing(new Shape(LARGEST)));
    }

    assertThatThrownBy(() -> Safetensors.write(file, sources, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("the device is gone");

    ByteBuffer head = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    JsonNode header =
        JsonMapper.builder().build().readTree(head.array(), 8, Math.toIntExact(head.getLong()));
    assertThat(header.path("c").path("data_offsets").toString())
        .isEqualTo("[" + 2L * LARGEST + "," + 3L * LARGEST + "]");
  }

  @Test
  void whatDoesNotFitTheFormatIsRefusedBeforeAnythingIsWritten() {
    Path file = folder.resolve("refused.safetensors");

    assertRefused(file, Map.of("t", failing(new Shape(LARGEST, 2))), Map.of(), "split it");
    assertRefused(file, Map.of("__metadata__", failing(new Shape(1))), Map.of(), "rename it");
    assertRefused(file, Map.of(), Map.of("file_crc32c", ""), "taken by the file's checksum");
    assertRefused(file, Map.of(), Map.of("long", "x".repeat(100_000_000)), "100000000");
    assertThat(file).doesNotExist();
  }

  @Test
  void aSourceThatGivesTooLittleIsNamed() {
    TensorSource source =
        new Source(
            DataType.INT32, new Shape(2), "short", new ArrayList<>(), ByteBuffer.allocate(4));

    assertRefused(
        folder.resolve("short.safetensors"),
        Map.of("short", source),
        Map.of(),
        "'short' (2) of int32 has 8 bytes, its source gave 4");
  }

  private static void assertRefused(
      Path file,
      Map<String, ? extends TensorSource> sources,
      Map<String, String> metadata,
      String why) {
    assertThatThrownBy(() -> Safetensors.write(file, sources, metadata))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static TensorSource failing(Shape shape) {
    return new TensorSource() {
      @Override
      public DataType type() {
        return DataType.UINT8;
      }

      @Override
      public Shape shape() {
        return shape;
      }

      @Override
      public ByteBuffer data() throws IOException {
        throw new IOException("the device is gone");
      }
    };
  }
}
