package org.djlrunner.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.djl.data.FashionMnist;
import org.djlrunner.djl.data.Glyphs;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;

/** The first images of a data set: DJL's own subsets would hide that they are images. */
final class FirstImages extends ImageDataset {
  private static final String FOLDER = "fashion.mnist";
  private static final String DEFAULT_FOLDER = "../shared/data/fashion-mnist";

  private final ImageDataset all;
  private final int size;

  FirstImages(ImageDataset all, int size) {
    if (size < 1 || size > all.size()) {
      throw new IllegalArgumentException(
          "cannot take the first " + size + " of " + all.size() + " images");
    }
    this.all = all;
    this.size = size;
  }

  /**
   * The images that all peers train on: Fashion-MNIST from the folder that the system property
   * {@code fashion.mnist} names, or glyphs of the same size where there is no such folder.
   */
  static FirstImages forTraining() {
    String asked = System.getProperty(FOLDER);
    Path folder = Path.of(asked == null ? DEFAULT_FOLDER : asked);
    // A folder that was asked for must be there; without one, glyphs are as good to measure with.
    boolean real = asked != null || Files.isDirectory(folder);
    System.out.printf("%ntraining images: %s%n", real ? "Fashion-MNIST" : "glyphs");
    return new FirstImages(
        real ? new FashionMnist(folder, false) : new Glyphs(Recipe.IMAGES, 1), Recipe.IMAGES);
  }

  @Override
  public ImageShape shape() {
    return all.shape();
  }

  @Override
  public List<String> classes() {
    return all.classes();
  }

  @Override
  public int label(int index) {
    return all.label(index);
  }

  @Override
  public void read(int index, ByteBuffer target) {
    all.read(index, target);
  }

  @Override
  protected long availableSize() {
    return size;
  }
}
