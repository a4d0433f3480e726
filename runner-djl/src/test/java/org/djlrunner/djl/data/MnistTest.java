package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kin of Fashion-MNIST. */
class MnistTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("Z08 MNIST and KMNIST are read from IDX files, gzipped or not, with their classes")
  void read() throws IOException {
    images("train", ".gz", 2);
    labels("train", "", 7, 0);

    IdxImages digits = IdxImages.mnist(folder, false);
    IdxImages characters = IdxImages.kuzushiji(folder, false);

    assertThat(digits.size()).isEqualTo(2);
    assertThat(digits.classes().get(digits.label(0))).isEqualTo("7 - seven");
    assertThat(characters.classes().get(characters.label(1))).isEqualTo("o");
    assertThat(digits.name(1)).startsWith("image 1 of " + folder);
  }

  @Test
  @DisplayName("Z08 a missing file is named, and nothing is fetched")
  void missing() {
    assertThatThrownBy(() -> IdxImages.mnist(folder, true))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            "has no t10k-images-idx3-ubyte.gz", "Put MNIST's four files there", "data_prefix");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName("Z08 Z11 a truncated file is refused with its offset, a label with its image")
  void broken() throws IOException {
    IdxBytes.write(
        folder.resolve("train-images-idx3-ubyte"), IdxBytes.of(new int[] {2, 2, 3}, 1, 2, 3));
    labels("train", "", 1, 2);
    assertThatThrownBy(() -> IdxImages.mnist(folder, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it ends at offset 19, its header promises 28 bytes");
    images("train", "", 2);
    labels("train", "", 1, 12);
    assertThatThrownBy(() -> IdxImages.mnist(folder, false))
        .hasMessageContaining("the label of image 1 is 12; expected 0 to 9");
  }

  private void images(String part, String ending, int count) throws IOException {
    IdxBytes.write(
        folder.resolve(part + "-images-idx3-ubyte" + ending),
        IdxBytes.of(new int[] {count, 2, 3}, new int[count * 6]));
  }

  private void labels(String part, String ending, int... labels) throws IOException {
    IdxBytes.write(
        folder.resolve(part + "-labels-idx1-ubyte" + ending),
        IdxBytes.of(new int[] {labels.length}, labels));
  }
}
