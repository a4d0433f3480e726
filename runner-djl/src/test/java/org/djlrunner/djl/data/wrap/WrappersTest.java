package org.djlrunner.djl.data.wrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;
import org.djlrunner.djl.data.SyntheticImages;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Data sets made of others. */
class WrappersTest {
  private static final List<String> CLASSES = List.of("a", "b", "c");
  private static final WrappedImages FILES =
      new WrappedImages("f", CLASSES, List.of(0, 0, 0, 0, 0, 0, 1, 1, 2, 0));

  @Test
  @DisplayName("Z14 a repeated data set is walked several times")
  void repeated() throws IOException {
    LabelledImages twice = ChosenSamples.of(FILES, Repetition.times(10, 2));

    assertThat(twice.size()).isEqualTo(20);
    assertThat(twice.name(13)).isEqualTo("f3");
    assertThat(twice.label(16)).isEqualTo(1);
    assertThat(((EncodedImages) twice).encoded(18))
        .isEqualTo("f8".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Repetition.times(1 << 20, 1 << 20)).hasMessageContaining("too many");
  }

  @Test
  @DisplayName("Z14 rare classes come ceil(sqrt(threshold / share)) times, in a row")
  void balanced() {
    // Shares are 0.7, 0.2 and 0.1: sqrt(0.5 / 0.2) = 1.6, sqrt(0.5 / 0.1) = 2.2.
    assertThat(Repetition.balanced(FILES, 0.5))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 8, 9);
    assertThat(Repetition.balanced(FILES, 0.1)).hasSize(10);
    assertThatThrownBy(
            () -> Repetition.balanced(new WrappedImages("g", CLASSES, List.of(0, 3)), 0.5))
        .isInstanceOf(DataException.class)
        .hasMessage("g1 has label 3; the data set has the classes 0 to 2");
  }

  @Test
  @DisplayName("Z14 folds are disjoint, cover all, and are MMClassification's without a seed")
  void folds() {
    assertThat(new Fold(1, 3, null).indices(10, true)).containsExactly(3, 4, 5);
    assertThat(new Fold(1, 3, null).indices(10, false)).containsExactly(0, 1, 2, 6, 7, 8, 9);
    assertThat(new Fold(0, 2, 4L).indices(10, true)).containsExactly(0, 3, 1, 4, 5);
    List<Integer> held = new ArrayList<>();
    for (int f = 0; f < 3; f++) {
      Fold fold = new Fold(f, 3, 9L);
      int[] own = fold.indices(10, true);
      IntStream.of(own).forEach(held::add);
      assertThat(fold.indices(10, false)).doesNotContain(own).hasSize(10 - own.length);
      assertThat(own).hasSize(fold.count(10, true));
    }
    assertThat(held).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThatThrownBy(() -> new Fold(3, 3, null)).hasMessage("fold must be 0 to 2, got 3");
    assertThatThrownBy(() -> new Fold(0, 1, null)).hasMessageContaining("num_splits");
  }

  @Test
  @DisplayName("Z14 a part of a data set of pixels is one, too; an index out of range is named")
  void subset() {
    SyntheticImages images = new SyntheticImages(10, new ImageShape(2, 3, 1), 4, 5);
    LabelledImages part = ChosenSamples.of(images, new int[] {7, 2});

    assertThat(part.size()).isEqualTo(2);
    assertThat(part.label(0)).isEqualTo(images.label(7));
    assertThat(pixels(part, 1)).isEqualTo(pixels(images, 2));
    assertThatThrownBy(() -> ChosenSamples.of(images, new int[] {1, 10}))
        .hasMessage("index 1 of the list is 10; the data set has the samples 0 to 9");
    assertThatThrownBy(() -> ChosenSamples.of(images, new int[0]))
        .hasMessageContaining("no samples");
  }

  @Test
  @DisplayName("Z14 joined data sets follow each other")
  void joined() {
    LabelledImages all =
        JoinedSamples.of(
            List.of(
                FILES,
                new WrappedImages("none", CLASSES, List.of()),
                new WrappedImages("g", CLASSES, List.of(2, 1))));

    assertThat(all.size()).isEqualTo(12);
    assertThat(all.name(9)).isEqualTo("f9");
    assertThat(all.name(10)).isEqualTo("g0");
    assertThat(all.label(11)).isEqualTo(1);
    LabelledImages pixels = JoinedSamples.of(List.of(synthetic(3, 2), synthetic(4, 2)));
    assertThat(pixels(pixels, 5)).isEqualTo(pixels(synthetic(4, 2), 2));
  }

  @Test
  @DisplayName("Z14 data sets of other classes, sizes or kinds are not joined")
  void apart() {
    assertThatThrownBy(
            () ->
                JoinedSamples.of(
                    List.of(FILES, new WrappedImages("g", List.of("a", "b", "d"), List.of(0)))))
        .hasMessage(
            "the classes of datasets[1] are not those of datasets[0]: it lacks c, it has d more");
    assertThatThrownBy(() -> JoinedSamples.of(List.of(synthetic(3, 2), synthetic(3, 4))))
        .hasMessageContaining("datasets[1] has images of 4x4x1, datasets[0] has images of 2x2x1");
  }

  @Test
  @DisplayName("Z08 synthetic images are a function of seed and index")
  void synthetic() {
    SyntheticImages images = new SyntheticImages(100, new ImageShape(3, 5, 3), 4, 5);

    assertThat(pixels(images, 9)).hasSize(45).isEqualTo(pixels(images, 9));
    assertThat(pixels(images, 9)).isNotEqualTo(pixels(images, 10));
    assertThat(pixels(new SyntheticImages(100, new ImageShape(3, 5, 3), 4, 6), 9))
        .isNotEqualTo(pixels(images, 9));
    assertThat(IntStream.range(0, 100).map(images::label).distinct().sorted())
        .containsExactly(0, 1, 2, 3);
  }

  private static SyntheticImages synthetic(int size, int side) {
    return new SyntheticImages(size, new ImageShape(side, side, 1), 3, size);
  }

  private static byte[] pixels(LabelledImages images, int index) {
    ImageDataset dataset = (ImageDataset) images;
    ByteBuffer pixels = ByteBuffer.allocate(dataset.shape().bytes());
    dataset.read(index, pixels);
    return pixels.array();
  }
}
