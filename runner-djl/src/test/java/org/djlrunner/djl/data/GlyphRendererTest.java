package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D11 glyph renderer")
class GlyphRendererTest {

  @Test
  void anImageIsTheSameWheneverItIsDrawn() {
    GlyphRenderer renderer = new GlyphRenderer(7);
    byte[] first = image(renderer, 123);
    image(renderer, 5);

    assertThat(image(renderer, 123)).isEqualTo(first);
    assertThat(image(new GlyphRenderer(7), 123)).isEqualTo(first);
  }

  @Test
  void anImageIsTheSameFromAnyThreadAndInAnyOrder() {
    int count = 400;
    GlyphRenderer renderer = new GlyphRenderer(7);
    byte[][] forwards = new byte[count][];
    for (int i = 0; i < count; i++) {
      forwards[i] = image(renderer, i);
    }
    byte[][] backwards = new byte[count][];
    IntStream.range(0, count)
        .parallel()
        .map(i -> count - 1 - i)
        .forEach(i -> backwards[i] = image(renderer, i));

    assertThat(backwards).isDeepEqualTo(forwards);
  }

  @Test
  void imagesAreEachTheirOwn() {
    GlyphRenderer renderer = new GlyphRenderer(7);

    assertThat(IntStream.range(0, 2000).mapToObj(i -> crc(renderer, i, i + 1L)))
        .doesNotHaveDuplicates();
    assertThat(IntStream.range(0, 2000).mapToObj(seed -> crc(new GlyphRenderer(seed), 0, 1)))
        .doesNotHaveDuplicates();
  }

  @Test
  void imagesAndLabelsAreThePinnedOnes() {
    assertThat(crc(new GlyphRenderer(2024), 0, 100))
        .as("CRC of 100 images; where this changes, every result on Glyphs changes with it")
        .isEqualTo(1008384428L);
    assertThat(IntStream.range(0, 20).map(new GlyphRenderer(2024)::label))
        .containsExactly(3, 7, 0, 1, 2, 5, 4, 6, 8, 9, 0, 4, 2, 7, 3, 1, 6, 9, 8, 5);
    assertThat(crc(new GlyphRenderer(-1), Integer.MAX_VALUE, Integer.MAX_VALUE + 1L))
        .isEqualTo(1396945916L);
  }

  @Test
  void everyTenImagesHoldEachClassOnceInAnOrderOfTheirOwn() {
    GlyphRenderer renderer = new GlyphRenderer(3);
    int[] timesFirst = new int[GlyphRenderer.CLASSES];
    for (int block = 0; block < 1000; block++) {
      int start = block * 10;
      assertThat(IntStream.range(start, start + 10).map(renderer::label))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      timesFirst[renderer.label(start)]++;
    }

    // 100 expected; five deviations of a binomial either side.
    for (int times : timesFirst) {
      assertThat(times).isBetween(53, 147);
    }
  }

  @Test
  void everyClassHasANameAndStrokesInItsSquare() {
    assertThat(GlyphShapes.NAMES).hasSize(GlyphRenderer.CLASSES).doesNotHaveDuplicates();
    for (int label = 0; label < GlyphRenderer.CLASSES; label++) {
      for (GlyphShapes.Stroke stroke : GlyphShapes.strokes(label)) {
        assertThat(stroke.points()).hasSizeGreaterThanOrEqualTo(4);
        for (double point : stroke.points()) {
          assertThat(point).as(GlyphShapes.NAMES.get(label)).isBetween(-1.1, 1.1);
        }
      }
    }
  }

  @Test
  void imagesAreBrightStrokesOnABlackGround() {
    GlyphRenderer renderer = new GlyphRenderer(11);
    double total = 0;
    for (int i = 0; i < 500; i++) {
      byte[] image = image(renderer, i);
      int bright = 0;
      int dark = 0;
      for (byte pixel : image) {
        int level = pixel & 0xFF;
        total += level;
        bright += level > 100 ? 1 : 0;
        dark += level < 50 ? 1 : 0;
      }
      assertThat(bright).as("bright pixels of image %d", i).isBetween(15, 350);
      assertThat(dark).as("dark pixels of image %d", i).isGreaterThan(392);
    }

    assertThat(total / 500 / GlyphRenderer.PIXELS / 255).as("mean level").isBetween(0.08, 0.14);
  }

  @Test
  void aBufferTakesTheImageAtItsPosition() {
    GlyphRenderer renderer = new GlyphRenderer(7);
    ByteBuffer buffer = ByteBuffer.allocateDirect(2 * GlyphRenderer.PIXELS + 3);
    buffer.position(3);
    renderer.render(4, buffer);
    renderer.render(9, buffer);

    assertThat(buffer.hasRemaining()).isFalse();
    byte[] second = new byte[GlyphRenderer.PIXELS];
    buffer.get(3 + GlyphRenderer.PIXELS, second);
    assertThat(second).isEqualTo(image(renderer, 9));
  }

  @Test
  void whatHasNoRoomOrNoPlaceIsRefused() {
    GlyphRenderer renderer = new GlyphRenderer(7);

    assertThatThrownBy(() -> renderer.label(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> renderer.render(0, new byte[783]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> renderer.render(0, ByteBuffer.allocate(783)))
        .isInstanceOf(BufferOverflowException.class);
  }

  @Test
  void aLinearModelOfThePixelsFallsShort() {
    LogisticRegression model = new LogisticRegression(GlyphRenderer.PIXELS, GlyphRenderer.CLASSES);
    GlyphRenderer train = new GlyphRenderer(1);
    float[][] images =
        IntStream.range(0, 6000).mapToObj(i -> normalised(train, i)).toArray(float[][]::new);
    // Level on the test images from the tenth pass on.
    for (int epoch = 0; epoch < 15; epoch++) {
      for (int i = 0; i < images.length; i++) {
        model.step(images[i], train.label(i), 0.0003);
      }
    }
    GlyphRenderer test = new GlyphRenderer(2);
    int right = 0;
    for (int i = 0; i < 1500; i++) {
      right += model.predict(normalised(test, i)) == test.label(i) ? 1 : 0;
    }
    double fitted = 0;
    for (int i = 0; i < images.length; i++) {
      fitted += model.predict(images[i]) == train.label(i) ? 1 : 0;
    }

    double accuracy = 100.0 * right / 1500;
    // The lower bounds: a model that learned nothing would prove nothing.
    assertThat(100 * fitted / images.length).as("linear accuracy on what it saw").isGreaterThan(75);
    assertThat(accuracy).as("linear accuracy in %%: reached %.2f", accuracy).isBetween(55.0, 88.0);
  }

  private static float[] normalised(GlyphRenderer renderer, int index) {
    byte[] image = image(renderer, index);
    float[] levels = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      levels[i] = ((image[i] & 0xFF) / 255f - 0.11f) / 0.2f;
    }
    return levels;
  }

  private static byte[] image(GlyphRenderer renderer, int index) {
    byte[] image = new byte[GlyphRenderer.PIXELS];
    renderer.render(index, image);
    return image;
  }

  private static long crc(GlyphRenderer renderer, long from, long to) {
    CRC32 crc = new CRC32();
    for (long i = from; i < to; i++) {
      crc.update(image(renderer, (int) i));
    }
    return crc.getValue();
  }
}
