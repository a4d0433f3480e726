package org.djlrunner.djl.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.djlrunner.djl.data.transform.Extent;
import org.djlrunner.djl.data.transform.Interpolation;
import org.djlrunner.djl.data.transform.Pipeline;
import org.djlrunner.djl.data.transform.Resize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch for people to look at. */
@DisplayName("F19 a batch is drawn as images side by side with their classes")
class ContactSheetTest {
  @TempDir private Path folder;

  @Test
  void imagesAreDrawnInTheirColoursOneBesideTheOther() throws IOException {
    Pipeline pipeline =
        new Pipeline(true, List.of(new Resize(new Extent(96, 96), Interpolation.NEAREST)), null);
    BatchPreview batch =
        BatchPreview.first(
            PreparedImages.of(new Colours(), pipeline, 0),
            new LoaderOptions(4, false, false, 0, 2, 0));
    assertThat(batch.captions()).containsExactly("cat", "dog", "cat", "dog");

    Path file = folder.resolve("new/batch.png");
    new ContactSheet(batch).write(file);

    BufferedImage sheet = ImageIO.read(file.toFile());
    // Two by two, 6 pixels apart, 16 for the caption.
    assertThat(sheet.getWidth()).isEqualTo(2 * (96 + 6) + 6);
    assertThat(sheet.getHeight()).isEqualTo(2 * (96 + 16 + 6) + 6);
    assertThat(sheet.getRGB(50, 50)).isEqualTo(0xFF102030);
    assertThat(sheet.getRGB(150, 50)).isEqualTo(0xFF112030);
    assertThat(sheet.getRGB(50, 170)).isEqualTo(0xFF122030);
    assertThat(sheet.getRGB(3, 3)).isEqualTo(0xFFFFFFFF);
    boolean written = false;
    for (int x = 6; x < 102; x++) {
      for (int y = 103; y < 118; y++) {
        written |= sheet.getRGB(x, y) != 0xFFFFFFFF;
      }
    }
    assertThat(written).as("a caption").isTrue();
    try (var files = Files.list(folder.resolve("new"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void smallGreyImagesAreEnlarged() {
    BatchPreview batch =
        BatchPreview.first(
            PreparedImages.of(new NumberedImages(5), Pipeline.NONE, 0),
            new LoaderOptions(64, false, false, 0, 2, 0));
    BufferedImage sheet = new ContactSheet(batch).draw();
    assertThat(batch.images()).hasSize(5);
    assertThat(sheet.getWidth()).isGreaterThan(96);
    assertThat(sheet.getRGB(50, 40)).isEqualTo(0xFF000000);
  }

  /** Plain images, each of a colour of its own. */
  private record Colours() implements EncodedImages {
    @Override
    public long size() {
      return 4;
    }

    @Override
    public List<String> classes() {
      return List.of("cat", "dog");
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public byte[] encoded(int index) {
      return ImageFiles.png(ImageFiles.plain(8, 8, 0x102030 + (index << 16)));
    }
  }
}
