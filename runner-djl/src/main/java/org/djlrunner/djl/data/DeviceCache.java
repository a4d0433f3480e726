package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.djlrunner.djl.data.sampler.SequentialSampler;
import org.djlrunner.djl.kernel.HostCopies;
import org.djlrunner.spi.DataPass;

/**
 * A whole data set on the model's device, as uint8 pixels.
 *
 * <p>A pass copies its order there once; a batch is then gathered on the device, without any copy
 * from the host.
 */
final class DeviceCache implements BatchSource {
  /** Pixels that are copied together when a data set is brought to the device: 16 MB. */
  private static final int PIECE = 1 << 24;

  private final NDManager manager;
  private final NDManager host;
  private final HostCopies copies;
  private final NDArray pixels;
  private final NDArray labels;
  private final LoaderOptions options;
  private final DeviceNormalization normalization;

  private DeviceCache(
      int samples,
      ImageShape shape,
      LoaderOptions options,
      DeviceNormalization normalization,
      NDManager parent) {
    this.manager = parent.newSubManager();
    this.host = manager.newSubManager(Device.cpu());
    this.copies = new HostCopies(manager);
    Shape size = new Shape(samples, shape.height(), shape.width(), shape.channels());
    this.pixels = manager.create(size, DataType.UINT8);
    this.labels = manager.create(new Shape(samples), DataType.INT64);
    this.options = options;
    this.normalization = normalization;
  }

  /**
   * A cache with all of a data set in it.
   *
   * @param options of its batches
   * @param parent of the device; owns the arrays
   * @param ahead whether a side thread copies the data set
   */
  static DeviceCache filled(
      BatchAssembler assembler,
      int samples,
      LoaderOptions options,
      DeviceNormalization normalization,
      NDManager parent,
      boolean ahead) {
    ImageShape shape = assembler.shape();
    int piece = Math.max(1, Math.min(samples, PIECE / shape.bytes()));
    LoaderOptions inOrder =
        new LoaderOptions(piece, false, false, options.workers(), options.prefetchFactor(), 0);
    DeviceCache cache = new DeviceCache(samples, shape, options, normalization, parent);
    try (AssembledBatches pieces =
            new AssembledBatches(assembler, inOrder, normalization, cache.manager, ahead);
        DataPass<ImageBatch> pass = pieces.open(0, new SequentialSampler(samples).order(0), 0)) {
      cache.fill(pass);
      return cache;
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
  }

  /** The device memory that a data set takes. */
  static long bytes(int samples, ImageShape shape) {
    return samples * (shape.bytes() + (long) Long.BYTES);
  }

  private void fill(DataPass<ImageBatch> inOrder) {
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

  @Override
  public DataPass<ImageBatch> open(int pass, int[] order, int firstBatch) {
    return new CachedPass(this, order, options, firstBatch);
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
