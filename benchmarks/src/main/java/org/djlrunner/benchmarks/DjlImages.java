package org.djlrunner.benchmarks;

import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.nio.ByteBuffer;
import org.djlrunner.djl.data.ImageDataset;

/** Our images the two ways that DJL's users have them: as one array, or record by record. */
final class DjlImages {
  private DjlImages() {}

  /**
   * All images as one array {@code [N, 1, 28, 28] float32}, normalised beforehand: nothing is left
   * to do for a batch but to pick its rows.
   *
   * @param manager owns the arrays
   */
  static ArrayDataset preloaded(ImageDataset images, NDManager manager) {
    int size = Math.toIntExact(images.size());
    ByteBuffer pixels = ByteBuffer.allocate(size * images.shape().bytes());
    long[] labels = new long[size];
    for (int i = 0; i < size; i++) {
      images.read(i, pixels);
      labels[i] = images.label(i);
    }
    float[] normalised = new float[pixels.capacity()];
    for (int i = 0; i < normalised.length; i++) {
      normalised[i] =
          (float) (((pixels.get(i) & 0xff) - Recipe.PIXEL_CENTRE) / Recipe.PIXEL_CENTRE);
    }
    Shape shape = new Shape(size, 1, images.shape().height(), images.shape().width());
    NDArray data = manager.create(normalised, shape);
    return new ArrayDataset.Builder()
        .setData(data)
        .optLabels(manager.create(labels))
        .setSampling(Recipe.BATCH_SIZE, true, true)
        .build();
  }

  /**
   * Images that DJL asks for one by one, converts with {@link ToTensor}, normalises, and stacks:
   * what a user of an image folder gets.
   */
  static RandomAccessDataset recordByRecord(ImageDataset images) {
    return new Records(images);
  }

  private static final class Records extends RandomAccessDataset {
    private final ImageDataset images;

    Records(ImageDataset images) {
      super(
          new Sampling()
              .setSampling(Recipe.BATCH_SIZE, true, true)
              .addTransform(new ToTensor())
              // DJL's Normalize takes images of three channels only.
              .addTransform(image -> image.subi(0.5).divi(0.5)));
      this.images = images;
    }

    @Override
    public Record get(NDManager manager, long index) {
      return images.get(manager, index);
    }

    @Override
    protected long availableSize() {
      return images.size();
    }

    @Override
    public void prepare(Progress progress) {}
  }

  private static final class Sampling extends RandomAccessDataset.BaseBuilder<Sampling> {
    @Override
    protected Sampling self() {
      return this;
    }
  }
}
