package org.djlrunner.djl.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.djlrunner.djl.checkpoint.Safetensors.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written carries a checksum of all of it, and comparing it notices what went bad. */
@DisplayName("B02 checksums of files")
class ChecksumTest {
  private static final String NAME = "file_crc32c";

  @TempDir private Path folder;

  @Test
  void aFileThatWasWrittenIsWhole() throws IOException {
    assertThat(SafetensorsReader.verify(written(3 << 20))).as("has a checksum").isTrue();
  }

  @Test
  void anyBitThatFlipsIsNoticed() throws IOException {
    Path file = written(5);
    byte[] whole = Files.readAllBytes(file);
    int name = new String(whole, StandardCharsets.ISO_8859_1).indexOf(NAME);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      boolean inName = bit / 8 >= name && bit / 8 < name + NAME.length();
      if (inName && isPlain(flipped[bit / 8])) {
        // Then nothing is known of a checksum, which is what the answer says.
        assertThat(SafetensorsReader.verify(file)).as("bit %d", bit).isFalse();
      } else {
        assertThatThrownBy(() -> SafetensorsReader.verify(file))
            .as("bit %d", bit)
            .isInstanceOf(CheckpointFormatException.class)
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void aMismatchNamesBothChecksums() throws IOException {
    Path file = written(5);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int place = text.indexOf(NAME) + NAME.length() + 3;
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);

    assertThatThrownBy(() -> SafetensorsReader.verify(file))
        .hasMessageContaining("checksum is " + text.substring(place, place + 8))
        .hasMessageContaining("of its content");
    assertThat(SafetensorsReader.open(file).tensors()).as("opening reads no data").containsKey("w");
  }

  @Test
  void aFileOfAnotherProgramIsWholeAsFarAsItsHeaderTells() throws IOException {
    Path file = folder.resolve("other.safetensors");
    String tensor = "\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";

    Files.write(file, HandWritten.file("{" + tensor, 2));
    assertThat(SafetensorsReader.verify(file)).isFalse();

    String copied = "{\"__metadata__\":{\"" + NAME + "\":\"12345678\",\"format\":\"pt\"},";
    Files.write(file, HandWritten.file(copied + tensor, 2));
    assertThat(SafetensorsReader.verify(file)).as("a copy of our metadata").isFalse();
    assertThat(SafetensorsReader.open(file).metadata()).isEqualTo(Map.of("format", "pt"));
  }

  private Path written(int size) throws IOException {
    Path file = folder.resolve("ours.safetensors");
    ByteBuffer data = ByteBuffer.allocate(size);
    data.put(size / 2, (byte) 3);
    Safetensors.write(
        file,
        Map.of("w", new Tensor(DataType.UINT8, new Shape(size), data)),
        Map.of("k", "größer"));
    return file;
  }

  /** Whether a character may stand in a JSON string as it is. */
  private static boolean isPlain(byte character) {
    return character >= ' ' && character != '"' && character != '\\';
  }
}
