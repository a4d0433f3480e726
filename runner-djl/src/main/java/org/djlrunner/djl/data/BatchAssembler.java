package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.djlrunner.djl.data.transform.SampleRandom;
import org.jspecify.annotations.Nullable;

/** Writes samples of a data set into a slot; called by several workers at a time. */
interface BatchAssembler {
  /** The size of every image. */
  ImageShape shape();

  /** Adds the sample at a place of a pass to the slot. */
  void add(PassOrder order, int place, BatchSlot slot);

  /** Fills a slot with the samples at {@code from} to {@code to} of a pass, and mixes them. */
  default void fill(BatchSlot slot, PassOrder order, int from, int to) {
    slot.begin();
    for (int place = from; place < to; place++) {
      add(order, place, slot);
    }
    BatchMix mix = mix();
    if (mix != null) {
      // Numbers of their own: samples have those of 0 and above.
      mix.apply(slot, shape(), new SampleRandom().begin(seed(), order.pass(), -1L - from));
    }
  }

  /** What mixes a batch once it is complete, null for nothing. */
  default @Nullable BatchMix mix() {
    return null;
  }

  /** Picks the mixing's random numbers. */
  default long seed() {
    return 0;
  }

  /** Frees what workers worked with, once they have ended. */
  default void close() {}

  /** Owns the arrays that {@link #add} makes; empty if it makes none. */
  Optional<NDManager> owner();

  /** The assembler for a data set: direct for our own, record by record for any other. */
  static BatchAssembler of(RandomAccessDataset dataset, NDManager manager) {
    return dataset instanceof ImageDataset images
        ? new Direct(images)
        : Records.of(dataset, manager);
  }

  /** The assembler for one of our data sets with its pipeline. */
  static BatchAssembler of(PreparedImages prepared) {
    return prepared.isPlain() && prepared.mix() == null
        ? new Direct((ImageDataset) prepared.images())
        : new PreparedAssembler(prepared);
  }

  /**
   * A sample's class.
   *
   * @throws DataException if the data set has no such class
   */
  static int checkedLabel(LabelledImages images, int index) {
    int label = images.label(index);
    int classes = images.classes().size();
    if (label < 0 || label >= classes) {
      throw new DataException(
          String.format(
              "%s has label %d; the data set has the classes 0 to %d",
              images.name(index), label, classes - 1));
    }
    return label;
  }

  /**
   * Refuses a sample of another size than the data set's, which would move all that follow.
   *
   * @throws IllegalStateException if {@code bytes} are not those of an image
   */
  static void requireWritten(ImageDataset dataset, int index, int bytes) {
    if (bytes != dataset.shape().bytes()) {
      throw new IllegalStateException(
          String.format(
              "read wrote %d bytes for %s; an image %s has %d",
              bytes, dataset.name(index), dataset.shape(), dataset.shape().bytes()));
    }
  }

  /** Lets the data set write its pixels into the slot. */
  record Direct(ImageDataset dataset) implements BatchAssembler {
    @Override
    public ImageShape shape() {
      return dataset.shape();
    }

    @Override
    public void add(PassOrder order, int place, BatchSlot slot) {
      int index = order.sample(place);
      int label = checkedLabel(dataset, index);
      int begin = slot.target().position();
      dataset.read(index, slot.target());
      requireWritten(dataset, index, slot.target().position() - begin);
      slot.addSample(index, label);
    }

    @Override
    public Optional<NDManager> owner() {
      return Optional.empty();
    }
  }

  /** Copies the pixels of DJL records, {@code [H, W, C] uint8} each. */
  record Records(RandomAccessDataset dataset, NDManager manager, ImageShape shape)
      implements BatchAssembler {
    static Records of(RandomAccessDataset dataset, NDManager manager) {
      try (NDManager scratch = manager.newSubManager()) {
        return new Records(dataset, manager, shape(image(dataset, scratch, 0)));
      }
    }

    @Override
    public void add(PassOrder order, int place, BatchSlot slot) {
      int index = order.sample(place);
      try (NDManager scratch = manager.newSubManager()) {
        Record record = dataset.get(scratch, index);
        NDArray image = checked(record.getData().singletonOrThrow(), index);
        if (!shape(image).equals(shape)) {
          throw new IllegalStateException(
              "sample " + index + " is " + image.getShape() + ", the first one is " + shape);
        }
        slot.target().put(image.toByteBuffer());
        slot.addSample(index, label(record.getLabels().singletonOrThrow()));
      } catch (IOException e) {
        throw new UncheckedIOException("sample " + index + " cannot be read", e);
      }
    }

    @Override
    public Optional<NDManager> owner() {
      return Optional.of(manager);
    }

    private static long label(NDArray label) {
      return label.toType(DataType.INT64, true).toLongArray()[0];
    }

    private static ImageShape shape(NDArray image) {
      return new ImageShape(
          (int) image.getShape().get(0),
          (int) image.getShape().get(1),
          (int) image.getShape().get(2));
    }

    private static NDArray image(RandomAccessDataset dataset, NDManager scratch, int index) {
      try {
        return checked(dataset.get(scratch, index).getData().singletonOrThrow(), index);
      } catch (IOException e) {
        throw new UncheckedIOException("sample " + index + " cannot be read", e);
      }
    }

    private static NDArray checked(NDArray image, int index) {
      if (image.getDataType() != DataType.UINT8 || image.getShape().dimension() != 3) {
        throw new IllegalArgumentException(
            String.format(
                "sample %d is %s %s; expected an image [H, W, C] of uint8. Leave out ToTensor and"
                    + " Normalize: the device does both for the whole batch",
                index, image.getShape(), image.getDataType()));
      }
      return image;
    }
  }
}
