package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.djlrunner.djl.data.sampler.SequentialSampler;
import org.djlrunner.djl.kernel.HostCopies;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.spi.DataPass;

/**
 * A whole data set on the model's device, as uint8 pixels.
 *
 * <p>A pass copies its order there once; a batch is then gathered on the device. Where images
 * differ from pass to pass, the host says for each batch where its pixels come from.
 */
final class DeviceCache implements BatchSource {
  /** Pixels that are copied together when a data set is brought to the device: 16 MB. */
  private static final int PIECE = 1 << 24;

  private final NDManager manager;
  private final NDManager host;
  private final HostCopies copies;
  private final DeviceAugmentation augmentation;

  /** The images' pixels, and behind them a pixel for each transform: what it fills with. */
  private final NDArray allPixels;

  private final NDArray images;

  /** The samples that were read, where others may stand for those that can't be. */
  private final long[] read;

  private final NDArray labels;
  private final NDArray sizes;
  private final LoaderOptions options;
  private final DeviceNormalization normalization;

  private DeviceCache(
      int samples,
      ImageShape shape,
      LoaderOptions options,
      DeviceNormalization normalization,
      DeviceAugmentation augmentation,
      NDManager parent) {
    this.manager = parent.newSubManager();
    this.host = manager.newSubManager(Device.cpu());
    this.copies = new HostCopies(manager);
    this.options = options;
    this.normalization = normalization;
    this.augmentation = augmentation;
    this.read = new long[samples];
    this.labels = manager.create(new Shape(samples), DataType.INT64);
    this.sizes = host.create(augmentation.sizes());
    ByteBuffer fillings = augmentation.fillings();
    long pixels = (long) samples * shape.height() * shape.width();
    int steps = fillings.remaining() / shape.channels();
    this.allPixels = manager.create(new Shape(pixels + steps, shape.channels()), DataType.UINT8);
    try (NDArray ofImages = allPixels.get(new NDIndex().addSliceDim(0, pixels))) {
      this.images = ofImages.reshape(samples, shape.height(), shape.width(), shape.channels());
    }
    if (steps > 0) {
      try (NDArray colors =
          manager.create(fillings, new Shape(steps, shape.channels()), DataType.UINT8)) {
        allPixels.set(new NDIndex().addSliceDim(pixels, pixels + steps), colors);
      }
    }
  }

  /**
   * A cache with all of a data set in it.
   *
   * @param assembler of the images as they are kept
   * @param options of its batches
   * @param augmentation what is done in each pass
   * @param parent of the device; owns the arrays
   * @param ahead whether a side thread copies the data set
   */
  static DeviceCache filled(
      BatchAssembler assembler,
      int samples,
      LoaderOptions options,
      DeviceNormalization normalization,
      DeviceAugmentation augmentation,
      NDManager parent,
      boolean ahead) {
    ImageShape shape = assembler.shape();
    int piece = Math.max(1, Math.min(samples, PIECE / shape.bytes()));
    LoaderOptions inOrder =
        new LoaderOptions(piece, false, false, options.workers(), options.prefetchFactor(), 0);
    DeviceCache cache =
        new DeviceCache(samples, shape, options, normalization, augmentation, parent);
    try (AssembledBatches pieces =
            new AssembledBatches(assembler, inOrder, normalization, cache.manager, ahead);
        DataPass<ImageBatch> pass =
            pieces.open(PassOrder.of(new SequentialSampler(samples), 0), 0)) {
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
    int from = 0;
    while (inOrder.hasNext()) {
      try (ImageBatch batch = inOrder.next()) {
        NDIndex place = new NDIndex().addSliceDim(from, from + batch.size());
        images.set(place, batch.pixels());
        labels.set(place, batch.labels().head());
        System.arraycopy(batch.sampleIndices(), 0, read, from, batch.size());
        from += batch.size();
      }
    }
  }

  @Override
  public DataPass<ImageBatch> open(PassOrder order, int firstBatch) {
    return new CachedPass(this, order, options, firstBatch);
  }

  /**
   * Gathers a batch.
   *
   * @param order the pass's, of which samples {@code from} to {@code to} make the batch
   * @param indices the same samples on the device, {@code [N] int64}
   * @return {@code [N, H, W, C] uint8} and the labels, {@code [N] int64}
   */
  NDList gather(PassOrder order, int from, int to, NDArray indices) {
    TorchKernels kernels = TorchKernels.shared();
    if (augmentation.isNothing()) {
      return kernels.differentiable("gather_samples", images, labels, indices);
    }
    try (NDArray places = places(order, from, to)) {
      return kernels.differentiable("place_samples", allPixels, labels, indices, places, sizes);
    }
  }

  private NDArray places(PassOrder order, int from, int to) {
    Shape shape = augmentation.places(to - from);
    try (NDArray drawn = copies.hostArray(host, shape, DataType.INT32)) {
      ByteBuffer target = drawn.toByteBuffer(true).order(ByteOrder.nativeOrder());
      augmentation.writePlaces(order, from, to, target.asIntBuffer());
      return copies.toDevice(manager, drawn).head();
    }
  }

  /** The index of the sample that was read for the one at {@code index}: mostly the same. */
  long read(int index) {
    return read[index];
  }

  DeviceNormalization normalization() {
    return normalization;
  }

  /** Owns batches. */
  NDManager manager() {
    return manager;
  }

  /** An order of samples on the device, {@code [S] int64}, owned by {@code owner}. */
  NDArray onDevice(PassOrder order, NDManager owner) {
    try (NDArray whole = copies.hostArray(host, new Shape(order.size()), DataType.INT64)) {
      LongBuffer target = whole.toByteBuffer(true).order(ByteOrder.nativeOrder()).asLongBuffer();
      for (int place = 0; place < order.size(); place++) {
        target.put(order.sample(place));
      }
      return copies.toDevice(owner, whole).head();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
