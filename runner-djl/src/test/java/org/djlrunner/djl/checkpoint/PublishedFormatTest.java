package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that others write as the format's description says. */
@DisplayName("B04 files of other programs")
class PublishedFormatTest {
  /** What Python's safetensors 0.8.0 made of eight tensors, one of each type, by serialize(). */
  private static final String PYTHON =
      "AAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJsb25nIjp7ImR0eXBlIjoi"
          + "STY0Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImRvdWJsZSI6eyJkdHlwZSI6"
          + "IkY2NCIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbOCwxNl19LCJmbG9hdCI6eyJkdHlwZSI6"
          + "IkYzMiIsInNoYXBlIjpbMSwyXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjRdfSwibm9uZSI6eyJkdHlw"
          + "ZSI6IkYzMiIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjRdfSwiYnJhaW4iOnsi"
          + "ZHR5cGUiOiJCRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjhdfSwiaGFsZiI6"
          + "eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzI4LDMyXX0sImdyw7bD"
          + "n2UiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzMyLDMzXX0sImZs"
          + "YWdzIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzMzLDM1XX19"
          + "ICAgICAgIPn/////////mpmZmZmZuT8AAIA/AAAAv4A/IMAAPgDAyAEA";

  @TempDir private Path folder;

  @Test
  void whatPythonWroteIsRead() throws IOException {
    Path file = Files.write(file(), Base64.getDecoder().decode(PYTHON));
    SafetensorsReader read = SafetensorsReader.open(file);

    assertThat(SafetensorsReader.verify(file)).as("has a checksum").isFalse();
    assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
    Map<String, Tensor> tensors = read.tensors();
    assertThat(tensors).hasSize(8);
    assertThat(tensor(tensors, "long", DataType.INT64, 1).getLong()).isEqualTo(-7);
    assertThat(tensor(tensors, "double", DataType.FLOAT64).getDouble()).isEqualTo(0.1);
    ByteBuffer floats = tensor(tensors, "float", DataType.FLOAT32, 1, 2);
    assertThat(floats.getFloat()).isEqualTo(1f);
    assertThat(floats.getFloat()).isEqualTo(-0.5f);
    assertThat(tensor(tensors, "none", DataType.FLOAT32, 0, 3).hasRemaining()).isFalse();
    ByteBuffer brain = tensor(tensors, "brain", DataType.FLOAT32, 2);
    assertThat(brain.getFloat()).isEqualTo(1f);
    assertThat(brain.getFloat()).isEqualTo(-2.5f);
    ByteBuffer half = tensor(tensors, "half", DataType.FLOAT16, 2);
    assertThat(half.getShort()).isEqualTo((short) 0x3e00);
    assertThat(half.getShort()).isEqualTo((short) 0xc000);
    assertThat(tensor(tensors, "größe", DataType.UINT8, 1).get()).isEqualTo((byte) 200);
    ByteBuffer flags = tensor(tensors, "flags", DataType.BOOLEAN, 2);
    assertThat(flags.get()).isEqualTo((byte) 1);
    assertThat(flags.get()).isEqualTo((byte) 0);
  }

  @Test
  void aHeaderMayBeLaidOutFreely() throws IOException {
    String header =
        """
        {
          "b": {"data_offsets": [3, 5], "note": {"x": [1.5, null]}, "shape": [2], "dtype": "I8"},
          "a\\u00e9": {"shape": [3], "dtype": "U8", "data_offsets": [0, 3]}
        }
        """;
    Files.write(file(), HandWritten.file(header, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5));

    Map<String, Tensor> tensors = SafetensorsReader.open(file()).tensors();

    assertThat(tensors.keySet()).containsExactly("b", "aé");
    assertThat(tensor(tensors, "b", DataType.INT8, 2).get()).isEqualTo((byte) 4);
    assertThat(tensor(tensors, "aé", DataType.UINT8, 3).get()).isEqualTo((byte) 1);
    assertThat(tensors).doesNotContainKey("c").hasSize(2);
    assertThat(tensors.get("c")).isNull();
  }

  @Test
  void bfloat16KeepsWhatHasNoOrdinaryValue() throws IOException {
    String header = "{\"x\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}}";
    byte[] halves = {1, 0, (byte) 0x80, (byte) 0xff, (byte) 0xc0, 0x7f, 0, (byte) 0x80};
    Files.write(file(), HandWritten.file(header, halves));

    ByteBuffer x = tensor(SafetensorsReader.open(file()).tensors(), "x", DataType.FLOAT32, 4);

    assertThat(x.getFloat()).as("subnormal").isEqualTo(0x1p-133f);
    assertThat(x.getFloat()).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(x.getFloat()).isNaN();
    assertThat(Float.floatToRawIntBits(x.getFloat())).as("-0").isEqualTo(1 << 31);
  }

  @ParameterizedTest
  @ValueSource(strings = {"U16", "U32", "U64", "I16", "F8_E4M3", "F8_E5M2", "C64", "F4", "bf16"})
  void aTypeThatTheEngineLacksIsRefusedWithWhatToDo(String type) throws IOException {
    String header = "{\"x\":{\"dtype\":\"" + type + "\",\"shape\":[2],\"data_offsets\":[0,4]}}";
    Files.write(file(), HandWritten.file(header, 4));

    assertThatThrownBy(() -> SafetensorsReader.open(file()))
        .isInstanceOf(CheckpointFormatException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("tensor 'x' has elements of type '" + type + "'")
        .hasMessageContaining("F32")
        .hasMessageContaining("save it as one of them");
  }

  @Test
  void aFileBeyondOneMappingIsReadToItsEnd() throws IOException {
    long part = 1_500_000_000;
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 3; i++) {
      header.append(
          String.format(
              "%s\"t%d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}",
              i == 0 ? "" : ",", i, part, i * part, (i + 1) * part));
    }
    byte[] head = HandWritten.file(header + "}", 0);
    // The holes take no room on the disk.
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + 3 * part);
      sparse.seek(head.length + 2 * part);
      sparse.write(5);
      sparse.seek(head.length + 3 * part - 1);
      sparse.write(7);
    }

    ByteBuffer last = tensor(SafetensorsReader.open(file()).tensors(), "t2", DataType.UINT8, part);

    assertThat(last.get(0)).isEqualTo((byte) 5);
    assertThat(last.get((int) part - 1)).isEqualTo((byte) 7);
  }

  @Test
  void aTensorOfTwoGibibytesIsRefused() throws IOException {
    String header =
        "{\"x\":{\"dtype\":\"BF16\",\"shape\":[536870912],\"data_offsets\":[0,1073741824]}}";
    byte[] head = HandWritten.file(header, 0);
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.write(head);
      sparse.setLength(head.length + (1L << 30));
    }

    assertThatThrownBy(() -> SafetensorsReader.open(file()))
        .isInstanceOf(CheckpointFormatException.class)
        .hasMessageContaining("'x' takes 2147483648 bytes");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> SafetensorsReader.open(folder))
        .isInstanceOf(CheckpointFormatException.class)
        .hasMessageContaining(folder + " is a folder");
  }

  @Test
  void whatIsNoUtf8IsRefused() throws IOException {
    byte[] header =
        "{\"a?\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
            .getBytes(StandardCharsets.US_ASCII);
    header[3] = (byte) 0xff;
    Files.write(file(), HandWritten.file(header, new byte[0]));

    assertThatThrownBy(() -> SafetensorsReader.open(file()))
        .isInstanceOf(CheckpointFormatException.class)
        .hasMessageContaining("no UTF-8");
  }

  private Path file() {
    return folder.resolve("other.safetensors");
  }

  private static ByteBuffer tensor(
      Map<String, Tensor> tensors, String name, DataType type, long... shape) {
    Tensor tensor = Objects.requireNonNull(tensors.get(name));
    assertThat(tensor.type()).as(name).isEqualTo(type);
    assertThat(tensor.shape()).as(name).isEqualTo(new Shape(shape));
    return tensor.data();
  }
}
