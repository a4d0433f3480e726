package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.djlrunner.djl.data.DataException;
import org.djlrunner.djl.data.ImageFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What image files become. */
class DecodingTest {
  private static final int RED = 0xFF0000;
  private static final int BLUE = 0x0000FF;

  private final Picture picture = new Picture();

  @AfterEach
  void free() {
    picture.close();
  }

  @Test
  @DisplayName("F06 a PNG becomes its pixels, red first")
  void pngIsExact() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xFFFEFD);

    assertThat(decoded(ImageFiles.png(image))).containsExactly(List.of(1, 2, 3, 255, 254, 253));
  }

  @Test
  @DisplayName("F06 a JPEG's colours come red first, also straight into a batch's memory")
  void jpegIsRed() {
    byte[] file = ImageFiles.jpeg(ImageFiles.plain(16, 8, 0xC86432));
    picture.beginEncoded(file, true);
    assertThat(picture.height()).isEqualTo(8);
    assertThat(picture.width()).isEqualTo(16);

    ByteBuffer batch = ByteBuffer.allocateDirect(1 + 16 * 8 * 3);
    batch.put((byte) 77);
    picture.writeTo(batch);

    assertThat(batch.hasRemaining()).isFalse();
    assertThat(batch.get(0)).isEqualTo((byte) 77);
    near(batch.get(1) & 0xFF, 200);
    near(batch.get(2) & 0xFF, 100);
    near(batch.get(3) & 0xFF, 50);
    for (List<Integer> row : Pictures.rows(picture)) {
      near(row.get(0), 200);
      near(row.get(47), 50);
    }
  }

  @Test
  @DisplayName("F06 grey, 16-bit, palette and transparent files become RGB of 8 bit")
  void otherColourModels() {
    BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 90);
    assertThat(decoded(ImageFiles.png(grey))).containsExactly(List.of(90, 90, 90));

    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0x80FF);
    assertThat(decoded(ImageFiles.png(deep))).containsExactly(List.of(128, 128, 128));

    byte[] tone = {10, 20};
    IndexColorModel palette = new IndexColorModel(1, 2, tone, new byte[] {1, 2}, new byte[2]);
    BufferedImage indexed = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    indexed.getRaster().setSample(1, 0, 0, 1);
    assertThat(decoded(ImageFiles.png(indexed))).containsExactly(List.of(10, 1, 0, 20, 2, 0));

    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    clear.setRGB(0, 0, 0x80_0A_14_1E);
    assertThat(decoded(ImageFiles.png(clear))).containsExactly(List.of(10, 20, 30));
  }

  @Test
  @DisplayName("F06 a CMYK JPEG becomes RGB")
  void cmyk() {
    List<List<Integer>> rows = decoded(ImageFiles.CMYK);
    assertThat(rows).hasSize(16);
    near(rows.get(8).get(24), 255);
    near(rows.get(8).get(25), 55);
    near(rows.get(8).get(26), 155);
  }

  @ParameterizedTest
  @CsvSource({"1, true, true", "3, true, false", "6, false, true", "8, false, false"})
  @DisplayName("F06 a JPEG is turned as EXIF says, and its size is known before it is decoded")
  void exif(int orientation, boolean lying, boolean redFirst) {
    BufferedImage image = ImageFiles.plain(32, 16, RED);
    for (int y = 0; y < 16; y++) {
      for (int x = 16; x < 32; x++) {
        image.setRGB(x, y, BLUE);
      }
    }
    picture.beginEncoded(ImageFiles.turned(ImageFiles.jpeg(image), orientation), true);
    assertThat(picture.height()).isEqualTo(lying ? 16 : 32);
    assertThat(picture.width()).isEqualTo(lying ? 32 : 16);

    List<List<Integer>> rows = Pictures.rows(picture);

    assertThat(rows).hasSize(lying ? 16 : 32);
    near(rows.get(0).get(0), redFirst ? 255 : 0);
    List<Integer> lastRow = rows.get(rows.size() - 1);
    near(lastRow.get(lastRow.size() - 1), redFirst ? 255 : 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("F07 a JPEG that gets smaller is decoded smaller, unless that is switched off")
  void reducedDecoding(boolean reduced) {
    // One bright column in four: a mean sees it, bilinear sampling between columns 1 and 2 doesn't.
    BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x += 4) {
        stripes.getRaster().setSample(x, y, 0, 200);
      }
    }
    picture.beginEncoded(ImageFiles.jpeg(stripes), reduced);

    picture.resize(0, 0, 64, 64, new Extent(16, 16), Interpolation.BILINEAR);

    assertThat(picture.height()).isEqualTo(16);
    for (List<Integer> row : Pictures.rows(picture)) {
      assertThat(row).hasSize(48).allMatch(v -> Math.abs(v - (reduced ? 50 : 0)) <= 6);
    }
  }

  @Test
  @DisplayName("F07 a part of a JPEG decoded smaller is the same part")
  void reducedPart() {
    BufferedImage image = ImageFiles.plain(67, 67, RED);
    for (int y = 40; y < 67; y++) {
      for (int x = 40; x < 67; x++) {
        image.setRGB(x, y, BLUE);
      }
    }
    picture.beginEncoded(ImageFiles.jpeg(image), true);

    picture.resize(42, 42, 24, 24, new Extent(6, 6), Interpolation.BILINEAR);

    for (List<Integer> row : Pictures.rows(picture)) {
      near(row.get(0), 0);
      near(row.get(17), 255);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 10", "60, 20", "100, 33"})
  @DisplayName("F07 rows below the part that is needed are not decoded, and the part is the same")
  void upperRows(int top, int left) {
    BufferedImage noise = ImageFiles.plain(150, 300, 0);
    SampleRandom random = new SampleRandom();
    for (int y = 0; y < 300; y++) {
      for (int x = 0; x < 150; x++) {
        noise.setRGB(x, y, (int) random.next());
      }
    }
    byte[] file = ImageFiles.jpeg(noise);
    picture.beginEncoded(file, false);
    picture.pixels();
    picture.window(top, left, 40, 50, PaddingMode.EDGE, FillValue.of(0));
    List<List<Integer>> whole = Pictures.rows(picture);
    picture.beginEncoded(file, false);

    picture.window(top, left, 40, 50, PaddingMode.EDGE, FillValue.of(0));

    assertThat(Pictures.rows(picture)).isEqualTo(whole);
    picture.beginEncoded(file, false);
    picture.resize(top, left, 40, 50, new Extent(40, 50), Interpolation.BILINEAR);
    assertThat(Pictures.rows(picture)).isEqualTo(whole);
    assertThat(JpegHeader.read(file).orElseThrow().rowsToDecode(top + 40)).isLessThan(300);
  }

  @Test
  @DisplayName("F08 empty, truncated and foreign files are refused with the reason")
  void brokenFiles() {
    byte[] jpeg = ImageFiles.jpeg(ImageFiles.plain(64, 64, RED));
    byte[] png = ImageFiles.png(ImageFiles.plain(64, 64, RED));
    assertRefused(new byte[0], "the file is empty");
    assertRefused(Arrays.copyOf(jpeg, jpeg.length / 2), "the JPEG file is truncated");
    assertRefused(Arrays.copyOf(jpeg, 30), "the JPEG file is truncated");
    assertRefused(Arrays.copyOf(png, png.length - 20), "the PNG file is truncated");
    byte[] page = "<html>not found</html>".getBytes(StandardCharsets.US_ASCII);
    assertRefused(page, "no image that can be decoded");
    assertRefused(page, "22 bytes and begins with 3c 68 74 6d");
    byte[] broken = png.clone();
    Arrays.fill(broken, 20, broken.length - 12, (byte) 0);
    assertRefused(broken, "no image that can be decoded");
  }

  @Test
  @DisplayName("F08 a picture serves the next file after one that was refused")
  void goesOnAfterRefusal() {
    assertThatThrownBy(() -> picture.beginEncoded(new byte[] {1, 2, 3}, true))
        .isInstanceOf(DataException.class);
    assertThat(decoded(ImageFiles.png(ImageFiles.plain(1, 1, 0x010203))))
        .containsExactly(List.of(1, 2, 3));
  }

  @Test
  @DisplayName("F09 steps in OpenCV's memory and steps in Java's give one another their results")
  void stepsOfBothKinds() {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 16; i++) {
      image.setRGB(i % 4, i / 4, i << 16 | (100 + i) << 8 | (200 + i));
    }
    picture.beginEncoded(ImageFiles.png(image), true);

    picture.window(0, 0, 4, 3, PaddingMode.EDGE, FillValue.of(0));
    picture.flip(true, false);
    new Invert(1).apply(picture, new SampleRandom());
    picture.resize(0, 0, 4, 3, new Extent(2, 3), Interpolation.NEAREST);
    picture.flip(false, true);
    picture.window(0, 0, 3, 1, PaddingMode.CONSTANT, FillValue.of(7));

    // Column 2, rows 2 and 0 of the original, inverted, and the padding.
    assertThat(Pictures.rows(picture))
        .containsExactly(
            List.of(255 - 10, 255 - 110, 255 - 210),
            List.of(255 - 2, 255 - 102, 255 - 202),
            List.of(7, 7, 7));
  }

  private List<List<Integer>> decoded(byte[] file) {
    picture.beginEncoded(file, true);
    return Pictures.rows(picture);
  }

  private void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> decoded(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(reason);
  }

  private static void near(int actual, int expected) {
    assertThat(actual).isBetween(expected - 6, expected + 6);
  }
}
