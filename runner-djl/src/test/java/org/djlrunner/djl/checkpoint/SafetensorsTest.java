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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are laid out as the safetensors format says, byte by byte, and read back equal. */
@DisplayName("K03 safetensors")
class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void aSmallFileHasExactlyTheseBytes() throws IOException {
    Path file = folder.resolve("small.safetensors");
    Safetensors.write(
        file,
        Map.of("w", new Tensor(DataType.UINT8, new Shape(2), bytes(7, 255))),
        Map.of("k", "v"));

    String header =
        "{ \"__metadata__\":{\"file_crc32c\":\"00000000\",\"k\":\"v\"},"
            + "\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 2).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded);
    expected.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.put((byte) 7).put((byte) 255);
    CRC32C crc = new CRC32C();
    crc.update(expected.array());
    String digits = String.format(Locale.ROOT, "%08x", crc.getValue());
    expected.put(8 + header.indexOf("00000000"), digits.getBytes(StandardCharsets.US_ASCII));
    assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
  }

  @Test
  void anIndependentReaderFindsEveryTensor() throws IOException {
    Path file = folder.resolve("mixed.safetensors");
    Safetensors.write(file, mixed(), Map.of());

    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(all.getLong());
    JsonNode header =
        JsonMapper.builder()
            .build()
            .readTree(new String(all.array(), 8, headerLength, StandardCharsets.UTF_8));
    int data = 8 + headerLength;
    assertThat(data % 8).as("start of the data").isZero();

    int end = 0;
    for (String name : List.of("größe", "scalar", "conv.weight", "none", "flag")) {
      JsonNode offsets = header.path(name).path("data_offsets");
      assertThat(offsets.path(0).asInt(-1)).as("%s follows its neighbour", name).isEqualTo(end);
      end = offsets.path(1).asInt();
    }
    assertThat(header.propertyStream().map(Map.Entry::getKey))
        .containsExactly("__metadata__", "conv.weight", "flag", "größe", "none", "scalar");
    assertThat(all.capacity()).as("nothing behind the last").isEqualTo(data + end);
    assertThat(header.path("conv.weight").path("dtype").asText()).isEqualTo("F32");
    assertThat(header.path("conv.weight").path("shape").toString()).isEqualTo("[3,1]");
    assertThat(header.path("flag").path("dtype").asText()).isEqualTo("BOOL");
    assertThat(header.path("größe").path("dtype").asText()).isEqualTo("I64");
    assertThat(header.path("scalar").path("shape").toString()).isEqualTo("[]");
    assertThat(all.getLong(data)).isEqualTo(Long.MIN_VALUE);
    assertThat(all.getDouble(data + 8)).isEqualTo(Math.PI);
    assertThat(all.getFloat(data + 16)).isEqualTo(1.5f);
    assertThat(all.getFloat(data + 20)).isEqualTo(-0.25f);
    assertThat(all.getFloat(data + 24)).isNaN();
    assertThat(all.get(data + 28)).isEqualTo((byte) 1);
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("mixed.safetensors");
    Map<String, Tensor> tensors = mixed();
    Safetensors.write(file, tensors, Map.of("format", "pt", "note", "größer \"als\"\n"));

    SafetensorsReader read = SafetensorsReader.open(file);

    assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "note", "größer \"als\"\n"));
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    read.tensors()
        .forEach(
            (name, tensor) -> {
              Tensor written = tensors.get(name);
              assertThat(tensor).as(name).isEqualTo(written);
            });
  }

  @Test
  void aFileThatExistsIsReplacedWhole() throws IOException {
    Path file = Files.write(folder.resolve("old.safetensors"), new byte[10_000]);
    Safetensors.write(file, mixed(), Map.of());

    assertThat(SafetensorsReader.open(file).tensors()).hasSize(5);
    assertThat(Files.size(file)).isLessThan(1_000);
  }

  @Test
  void dataThatDoesNotFillItsShapeIsNoTensor() {
    assertThatThrownBy(() -> new Tensor(DataType.FLOAT32, new Shape(2, 2), ByteBuffer.allocate(12)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2, 2)")
        .hasMessageContaining("16 bytes, got 12");
  }

  @Test
  void typesThatTheFormatLacksAreRefused() {
    Tensor text = new Tensor(DataType.UINT64, new Shape(1), ByteBuffer.allocate(8));

    assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), Map.of("t", text), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("uint64");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  private static Map<String, Tensor> mixed() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer floats = little(12).putFloat(1.5f).putFloat(-0.25f).putFloat(Float.NaN).flip();
    tensors.put("conv.weight", new Tensor(DataType.FLOAT32, new Shape(3, 1), floats));
    tensors.put("flag", new Tensor(DataType.BOOLEAN, new Shape(1), bytes(1)));
    tensors.put(
        "größe",
        new Tensor(DataType.INT64, new Shape(1), little(8).putLong(Long.MIN_VALUE).flip()));
    tensors.put("none", new Tensor(DataType.FLOAT32, new Shape(0, 4), little(0)));
    tensors.put(
        "scalar", new Tensor(DataType.FLOAT64, new Shape(), little(8).putDouble(Math.PI).flip()));
    return tensors;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }
}
