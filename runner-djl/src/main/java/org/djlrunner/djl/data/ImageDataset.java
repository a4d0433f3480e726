package org.djlrunner.djl.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A DJL data set of equally sized uint8 images that can write a sample straight into a batch.
 *
 * <p>Reading is thread-safe: the loader's workers call it at the same time.
 */
public abstract non-sealed class ImageDataset extends RandomAccessDataset
    implements LabelledImages {
  /** A data set whose batches come from our loader; DJL's own sampling is set per call. */
  protected ImageDataset() {
    super(new Sampling().setSampling(1, false));
  }

  /** The size of every image. */
  public abstract ImageShape shape();

  @Override
  public abstract List<String> classes();

  @Override
  public abstract int label(int index);

  /**
   * Writes a sample's pixels, 0 to 255, height-width-channel.
   *
   * @param target written from its position on, which moves by {@link ImageShape#bytes}
   */
  public abstract void read(int index, ByteBuffer target);

  /** The sample as DJL sees it: {@code [H, W, C] uint8} and a label {@code int64}. */
  @Override
  public Record get(NDManager manager, long index) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(shape().bytes());
    read(Math.toIntExact(index), pixels);
    NDArray image =
        manager.create(
            pixels.flip(),
            new Shape(shape().height(), shape().width(), shape().channels()),
            DataType.UINT8);
    return new Record(
        new NDList(image), new NDList(manager.create((long) label(Math.toIntExact(index)))));
  }

  /** Nothing to do: a data set is whole once it is constructed. */
  @Override
  public void prepare(Progress progress) {}

  private static final class Sampling extends BaseBuilder<Sampling> {
    @Override
    protected Sampling self() {
      return this;
    }
  }
}
