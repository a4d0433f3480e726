package org.djlrunner.djl.data.wrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.djlrunner.djl.data.EncodedImages;
import org.djlrunner.djl.data.ImageDataset;
import org.djlrunner.djl.data.ImageShape;
import org.djlrunner.djl.data.LabelledImages;

/** Samples of another data set, each as often and in the order that a list of indices says. */
public final class ChosenSamples {
  private ChosenSamples() {}

  /**
   * A data set of the samples chosen; images are of the same kind as before.
   *
   * @param images where they are
   * @param indices which ones
   * @throws IllegalArgumentException if there are none, or one is not an index of the data set's
   */
  public static LabelledImages of(LabelledImages images, int[] indices) {
    if (indices.length == 0) {
      throw new IllegalArgumentException("no samples are left of the " + images.size());
    }
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0 || indices[i] >= images.size()) {
        throw new IllegalArgumentException(
            String.format(
                "index %d of the list is %d; the data set has the samples 0 to %d",
                i, indices[i], images.size() - 1));
      }
    }
    if (images instanceof ImageDataset pixels) {
      return new Pixels(pixels, indices.clone());
    }
    return new Files((EncodedImages) images, indices.clone());
  }

  private static final class Pixels extends ImageDataset {
    private final ImageDataset images;
    private final int[] indices;

    Pixels(ImageDataset images, int[] indices) {
      this.images = images;
      this.indices = indices;
    }

    @Override
    public ImageShape shape() {
      return images.shape();
    }

    @Override
    public List<String> classes() {
      return images.classes();
    }

    @Override
    public int label(int index) {
      return images.label(indices[index]);
    }

    @Override
    public String name(int index) {
      return images.name(indices[index]);
    }

    @Override
    public void read(int index, ByteBuffer target) {
      images.read(indices[index], target);
    }

    @Override
    protected long availableSize() {
      return indices.length;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Files(EncodedImages images, int[] indices) implements EncodedImages {
    @Override
    public long size() {
      return indices.length;
    }

    @Override
    public List<String> classes() {
      return images.classes();
    }

    @Override
    public int label(int index) {
      return images.label(indices[index]);
    }

    @Override
    public String name(int index) {
      return images.name(indices[index]);
    }

    @Override
    public byte[] encoded(int index) throws IOException {
      return images.encoded(indices[index]);
    }
  }
}
