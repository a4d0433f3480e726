package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes samples of a data set into a slot; called by several workers at a time. */
interface BatchAssembler {
  /** The size of every image. */
  ImageShape shape();

  /** Adds a sample to the slot. */
  void add(int index, BatchSlot slot);

  /** Owns the arrays that {@link #add} makes; empty if it makes none. */
  Optional<NDManager> owner();

  /** The assembler for a data set: direct for our own, record by record for any other. */
  static BatchAssembler of(RandomAccessDataset dataset, NDManager manager) {
    return dataset instanceof ImageDataset images
        ? new Direct(images)
        : Records.of(dataset, manager);
  }

  /** Lets the data set write its pixels into the slot. */
  record Direct(ImageDataset dataset) implements BatchAssembler {
    @Override
    public ImageShape shape() {
      return dataset.shape();
    }

    @Override
    public void add(int index, BatchSlot slot) {
      int label = dataset.label(index);
      if (label < 0 || label >= dataset.classes().size()) {
        throw new IllegalStateException(
            String.format(
                "sample %d has label %d; the data set has the classes 0 to %d",
                index, label, dataset.classes().size() - 1));
      }
      dataset.read(index, slot.target());
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
    public void add(int index, BatchSlot slot) {
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
