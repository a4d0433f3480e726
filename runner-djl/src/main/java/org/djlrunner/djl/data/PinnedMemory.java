package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import org.djlrunner.djl.kernel.HostCopies;

/**
 * Slots that a GPU copies from while everyone goes on with something else.
 *
 * <p>A slot serves one batch: it is written, its copy is started, and it is freed. libtorch keeps
 * the memory until the GPU has read it and only then hands it out for another slot, so nobody here
 * has to know how far the GPU is.
 */
final class PinnedMemory implements BatchMemory {
  private final NDManager manager;
  private final NDManager host;
  private final HostCopies copies;
  private final int batchSize;
  private final ImageShape shape;
  private final LabelForm form;
  private final DeviceNormalization normalization;

  /** A slot over page-locked arrays, {@code [B, H, W, C] uint8} and labels. */
  private static final class PinnedSlot extends BatchSlot {
    private final NDArray pixels;
    private final NDArray labels;

    PinnedSlot(NDArray pixels, NDArray labels, int batchSize, LabelForm form) {
      super(
          pixels.toByteBuffer(true),
          labels.toByteBuffer(true).order(ByteOrder.nativeOrder()),
          batchSize,
          form);
      this.pixels = pixels;
      this.labels = labels;
    }

    void free() {
      pixels.close();
      labels.close();
    }
  }

  PinnedMemory(
      NDManager manager,
      int batchSize,
      ImageShape shape,
      LabelForm form,
      DeviceNormalization normalization) {
    this.form = form;
    this.manager = manager;
    this.host = manager.newSubManager(Device.cpu());
    this.copies = new HostCopies(manager);
    this.batchSize = batchSize;
    this.shape = shape;
    this.normalization = normalization;
  }

  @Override
  public BatchSlot take() {
    Shape pixels = new Shape(batchSize, shape.height(), shape.width(), shape.channels());
    NDArray labels = copies.hostArray(host, form.shape(batchSize), form.type());
    try {
      return new PinnedSlot(
          copies.hostArray(host, pixels, DataType.UINT8), labels, batchSize, form);
    } catch (RuntimeException e) {
      labels.close();
      throw e;
    }
  }

  @Override
  public void giveBack(BatchSlot slot) {
    ((PinnedSlot) slot).free();
  }

  @Override
  public ImageBatch batch(BatchSlot slot) {
    PinnedSlot pinned = (PinnedSlot) slot;
    NDManager own = manager.newSubManager();
    try (NDArray pixels = filled(pinned.pixels, slot.size());
        NDArray labels = filled(pinned.labels, slot.size())) {
      NDList batch = copies.toDevice(own, pixels, labels);
      return new ImageBatch(
          own, batch.get(0), batch.get(1), normalization, slot::indices, () -> {});
    } catch (RuntimeException e) {
      own.close();
      throw e;
    } finally {
      pinned.free();
    }
  }

  /** The first samples of an array, under a handle of its own. */
  private static NDArray filled(NDArray array, int samples) {
    return array.get(new NDIndex().addSliceDim(0, samples));
  }

  @Override
  public void close() {
    copies.close();
    host.close();
  }
}
