package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is no whole safetensors file is refused by name before any memory is taken. */
@DisplayName("K03 damaged safetensors")
class DamagedSafetensorsTest {
  private static final String A = "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}";

  @TempDir private Path folder;

  @Test
  void aFileCutShortIsRefusedWhereverItIsCut() throws IOException {
    byte[] whole = bytes("{" + A + "}", 4);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 1_000, Long.MAX_VALUE, Long.MIN_VALUE, 100L << 20})
  void aHeaderLengthThatDoesNotFitTheFileIsRefused(long length) throws IOException {
    byte[] file = bytes("{" + A + "}", 4);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);

    assertRefused(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json at all",
        "[]",
        "17",
        "null",
        "{\"a\":",
        "{\"a\":17}",
        "{\"a\":{}}",
        "{" + A + "," + A + "}",
      })
  void aHeaderThatIsNoMapOfTensorsIsRefused(String header) throws IOException {
    assertRefused(bytes(header, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,5]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[-4,0]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,0]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,9223372036854775807]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[9223372036854775803,9223372036854775807]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4.5]",
        "\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":\"0,4\"",
        "\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,4]",
        "\"dtype\":\"U8\",\"shape\":[-4],\"data_offsets\":[0,4]",
        "\"dtype\":\"U8\",\"shape\":[-2,-2],\"data_offsets\":[0,4]",
        "\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]",
        "\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,4]",
        "\"dtype\":\"U16\",\"shape\":[2],\"data_offsets\":[0,4]",
        "\"dtype\":\"U8\",\"data_offsets\":[0,4]",
        "\"shape\":[4],\"data_offsets\":[0,4]",
      })
  void aTensorThatDoesNotFitItsBytesIsRefused(String tensor) throws IOException {
    assertRefused(bytes("{\"a\":{" + tensor + "}}", 4));
  }

  @Test
  void tensorsThatOverlapAreRefused() throws IOException {
    String b = "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}";

    assertThatThrownBy(() -> SafetensorsReader.open(write(bytes("{" + A + "," + b + "}", 6))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'b'")
        .hasMessageContaining("2 to 6");
  }

  @Test
  void bytesThatBelongToNoTensorAreRefused() throws IOException {
    assertRefused(bytes("{" + A + "}", 5));
    String b = "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[6,8]}";
    assertRefused(bytes("{" + A + "," + b + "}", 8));
  }

  @Test
  void aMissingFileIsAnIoException() {
    assertThatThrownBy(() -> SafetensorsReader.open(folder.resolve("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
  }

  private void assertRefused(byte[] content) throws IOException {
    Path file = write(content);

    assertThatThrownBy(() -> SafetensorsReader.open(file))
        .as(new String(content, StandardCharsets.ISO_8859_1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("damaged.safetensors"), content);
  }

  /** A file with this header and so many bytes of data. */
  private static byte[] bytes(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }
}
