package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IDX files are read whole or refused with the file, what is wrong and where. */
@DisplayName("D10 idx file")
class IdxFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"images", "images.gz"})
  void aFileIsReadPlainOrGzipped(String name) throws IOException {
    Path file = write(name, IdxBytes.of(new int[] {2, 1, 3}, 1, 2, 3, 4, 5, 255));

    IdxFile images = IdxFile.read(file, 3);

    assertThat(images.dimensions()).containsExactly(2, 1, 3);
    assertThat(images.items()).isEqualTo(2);
    assertThat(images.bytes()).containsExactly(1, 2, 3, 4, 5, 255);
  }

  @Test
  void aGzippedFileCutShortIsRefused() throws IOException {
    byte[] whole = IdxBytes.gzipped(IdxBytes.of(new int[] {300}, new int[300]));
    for (int length : new int[] {0, 5, 12, whole.length / 2, whole.length - 1}) {
      Path file = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> IdxFile.read(file, 1))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(DataException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("truncated or damaged")
          .hasMessageNotContaining("null")
          .hasMessageEndingWith("fetch it again");
    }
  }

  @Test
  void aFileThatIsNoGzipDespiteItsNameIsRefused() throws IOException {
    Path file =
        Files.write(
            folder.resolve("page.gz"), "<html>not found</html>".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> IdxFile.read(file, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("damaged");
  }

  @Test
  void missingContentIsRefusedWithTheOffsetOfTheEnd() throws IOException {
    Path file = write("images", IdxBytes.of(new int[] {2, 1, 3}, 1, 2, 3, 4));

    assertThatThrownBy(() -> IdxFile.read(file, 3))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + " is truncated: it ends at offset 20, its header promises 22 bytes; fetch it"
                + " again");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 9, 15})
  void anIncompleteHeaderIsRefused(int length) throws IOException {
    byte[] whole = IdxBytes.of(new int[] {1, 1, 1}, 7);
    Path file = write("images", Arrays.copyOf(whole, length));

    assertThatThrownBy(() -> IdxFile.read(file, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("truncated")
        .hasMessageContaining("header")
        .hasMessageNotContaining("null");
  }

  @Test
  void surplusContentIsRefused() throws IOException {
    Path file = write("labels", IdxBytes.of(new int[] {2}, 1, 2, 3));

    assertThatThrownBy(() -> IdxFile.read(file, 1))
        .hasMessage(file + " is longer than the 10 bytes that its header promises");
  }

  @Test
  void otherContentOrDimensionsAreRefusedByTheMagicNumber() throws IOException {
    Path labels = write("labels", IdxBytes.of(new int[] {1}, 1));

    assertThatThrownBy(() -> IdxFile.read(labels, 3))
        .hasMessage(
            labels
                + " is no IDX file of unsigned bytes in 3 dimensions: it starts with 0x00000801"
                + " instead of 0x00000803");
  }

  @Test
  void aNegativeDimensionIsRefusedWithItsOffset() throws IOException {
    Path file = write("images", IdxBytes.of(new int[] {1, -5, 1}, 1));

    assertThatThrownBy(() -> IdxFile.read(file, 3))
        .hasMessage(file + " declares a negative dimension at offset 8");
  }

  @Test
  void moreBytesThanAFileCanHoldAreRefused() throws IOException {
    // The product of the second one is 2^64, which a long takes for 0.
    for (int[] dimensions : new int[][] {{1 << 30, 4, 1}, {1 << 22, 1 << 21, 1 << 21}}) {
      Path file = write("images", IdxBytes.of(dimensions));

      assertThatThrownBy(() -> IdxFile.read(file, 3))
          .as(Arrays.toString(dimensions))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("more than an IDX file can be");
    }
  }

  @Test
  void aHeaderThatPromisesGigabytesTakesNoMemory() throws IOException {
    Path file = write("images", IdxBytes.of(new int[] {1 << 30}, 1, 2));

    assertThatThrownBy(() -> IdxFile.read(file, 1)).hasMessageContaining("ends at offset 10");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("nowhere");

    assertThatThrownBy(() -> IdxFile.read(file, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cannot read " + file);
  }

  private Path write(String name, byte[] content) throws IOException {
    return IdxBytes.write(folder.resolve(name), content);
  }
}
