package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.djlrunner.djl.kernel.HostCopies;
import org.djlrunner.spi.DataPass;

/**
 * A whole data set on the model's device, as uint8 pixels.
 *
 * <p>A pass copies its order there once; a batch is then gathered on the device, without any copy
 * from the host.
 */
final class DeviceCache implements AutoCloseable {
  private final NDManager manager;
  private final NDManager host;
  private final HostCopies copies;
  private final NDArray pixels;
  private final NDArray labels;
  private final DeviceNormalization normalization;

  /**
   * Makes room for a data set.
   *
   * @param parent of the device; owns the arrays
   */
  DeviceCache(int samples, ImageShape shape, DeviceNormalization normalization, NDManager parent) {
    this.manager = parent.newSubManager();
    this.host = manager.newSubManager(Device.cpu());
    this.copies = new HostCopies(manager);
    Shape size = new Shape(samples, shape.height(), shape.width(), shape.channels());
    this.pixels = manager.create(size, DataType.UINT8);
    this.labels = manager.create(new Shape(samples), DataType.INT64);
    this.normalization = normalization;
  }

  /** The device memory that a data set takes. */
  static long bytes(int samples, ImageShape shape) {
    return samples * (shape.bytes() + (long) Long.BYTES);
  }

  /** Copies the whole data set, in order. */
  void fill(DataPass<ImageBatch> inOrder) {
    long from = 0;
    while (inOrder.hasNext()) {
      try (ImageBatch batch = inOrder.next()) {
        NDIndex place = new NDIndex().addSliceDim(from, from + batch.size());
        pixels.set(place, batch.pixels());
        labels.set(place, batch.labels().head());
        from += batch.size();
      }
    }
  }

  /** The data set's pixels, {@code [S, H, W, C] uint8}. */
  NDArray pixels() {
    return pixels;
  }

  /** The data set's labels, {@code [S] int64}. */
  NDArray labels() {
    return labels;
  }

  DeviceNormalization normalization() {
    return normalization;
  }

  /** Owns batches. */
  NDManager manager() {
    return manager;
  }

  /** An order of samples on the device, {@code [S] int64}, owned by {@code owner}. */
  NDArray onDevice(int[] order, NDManager owner) {
    try (NDArray whole = copies.hostArray(host, new Shape(order.length), DataType.INT64)) {
      LongBuffer target = whole.toByteBuffer(true).order(ByteOrder.nativeOrder()).asLongBuffer();
      for (int index : order) {
        target.put(index);
      }
      return copies.toDevice(owner, whole).head();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
