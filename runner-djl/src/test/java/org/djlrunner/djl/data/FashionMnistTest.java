package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fashion-MNIST from files, and what is said when they are missing or don't fit. */
@DisplayName("D10 fashion mnist")
class FashionMnistTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void aPartIsReadFromItsTwoFiles(String ending) throws IOException {
    images("train", ending, 3);
    labels("train", ending, 9, 0, 4);
    images("t10k", ending, 1);
    labels("t10k", ending, 7);

    FashionMnist train = new FashionMnist(folder, false);
    FashionMnist test = new FashionMnist(folder, true);

    assertThat(train.size()).isEqualTo(3);
    assertThat(train.shape()).isEqualTo(new ImageShape(2, 3, 1));
    assertThat(train.label(0)).isEqualTo(9);
    assertThat(train.classes().get(train.label(0))).isEqualTo("Ankle boot");
    assertThat(pixels(train, 2)).containsExactly(20, 21, 22, 23, 24, 25);
    assertThat(test.size()).isEqualTo(1);
    assertThat(test.label(0)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void theSizeIsKnownFromTheHeaderOfTheLabelsAlone(String ending) throws IOException {
    Path labels = folder.resolve("t10k-labels-idx1-ubyte" + ending);
    IdxBytes.write(labels, IdxBytes.of(new int[] {10_000}, 1, 2));

    assertThat(FashionMnist.sizeOf(folder, true)).hasValue(10_000);
    assertThat(FashionMnist.sizeOf(folder, false)).isEmpty();
    assertThat(FashionMnist.sizeOf(folder.resolve("nowhere"), true)).isEmpty();

    IdxBytes.write(labels, IdxBytes.of(new int[] {10_000, 28, 28}));
    assertThatThrownBy(() -> FashionMnist.sizeOf(folder, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(labels + " is no IDX file of unsigned bytes in 1 dimensions");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 128, 255})
  void aLabelOutsideTheTenClassesIsRefusedWithItsImage(int label) throws IOException {
    images("train", "", 3);
    labels("train", "", 1, label, 2);

    assertThatThrownBy(() -> new FashionMnist(folder, false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("train-labels-idx1-ubyte")
                + ": the label of image 1 is "
                + label
                + "; expected 0 to 9");
  }

  @Test
  void asManyLabelsAsImagesAreExpected() throws IOException {
    images("train", "", 3);
    labels("train", "", 1, 2);

    assertThatThrownBy(() -> new FashionMnist(folder, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train-images-idx3-ubyte holds 3 images")
        .hasMessageContaining("train-labels-idx1-ubyte holds 2 labels")
        .hasMessageContaining("don't belong together");
  }

  @Test
  void aFolderWithSomeOfTheFilesIsLeftAsItIsAndTheMissingOneNamed() throws IOException {
    images("train", ".gz", 3);

    assertThatThrownBy(() -> new FashionMnist(folder, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("has no train-labels-idx1-ubyte.gz")
        .hasMessageContaining("t10k-images-idx3-ubyte")
        .hasMessageContaining("data_prefix");
    assertThat(folder).isDirectoryContaining("glob:**train-images*").isNotEmptyDirectory();
    assertThat(Files.exists(folder.resolve("train-labels-idx1-ubyte.gz"))).isFalse();
  }

  @Test
  void anEmptyFolderThatCannotBeFilledIsNamedWithItsFilesAndTheReason() {
    // DJL's own switch: nothing is fetched, and the failure comes at once.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("DJL_CACHE_DIR", folder.resolve("cache").toString());
    try {
      assertThatThrownBy(() -> new FashionMnist(folder, false))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("the data folder " + folder)
          .hasMessageContaining("has no train-images-idx3-ubyte.gz")
          .hasMessageContaining("Fetching them failed: ")
          .hasMessageContaining("t10k-labels-idx1-ubyte");
    } finally {
      System.clearProperty("ai.djl.offline");
      System.clearProperty("DJL_CACHE_DIR");
    }
  }

  private static int[] pixels(FashionMnist images, int index) {
    ByteBuffer pixels = ByteBuffer.allocate(images.shape().bytes());
    images.read(index, pixels);
    int[] values = new int[pixels.capacity()];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.get(i) & 0xff;
    }
    return values;
  }

  /** Images of 2 by 3 pixels; image i holds 10 i to 10 i + 5. */
  private void images(String part, String ending, int count) throws IOException {
    int[] content = new int[count * 6];
    for (int i = 0; i < content.length; i++) {
      content[i] = i / 6 * 10 + i % 6;
    }
    IdxBytes.write(
        folder.resolve(part + "-images-idx3-ubyte" + ending),
        IdxBytes.of(new int[] {count, 2, 3}, content));
  }

  private void labels(String part, String ending, int... labels) throws IOException {
    IdxBytes.write(
        folder.resolve(part + "-labels-idx1-ubyte" + ending),
        IdxBytes.of(new int[] {labels.length}, labels));
  }
}
