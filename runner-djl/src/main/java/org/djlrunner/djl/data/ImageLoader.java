package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.djlrunner.djl.data.sampler.Sampler;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.jspecify.annotations.Nullable;

/**
 * Loads batches of images ahead of the step, each assembled in one buffer of uint8 pixels stored
 * batch-height-width-channel.
 *
 * <p>Workers live as long as the loader. Over our own data sets they only touch Java memory, over
 * others they make the records' arrays on the CPU. For a GPU a side thread starts the copies of the
 * next batches ahead of the step; they run on the stream that the step computes on, between its
 * kernels. On a CPU a batch's arrays are made on the thread that takes it. The same seed gives the
 * same batches for any number of workers, whichever way they come.
 */
public final class ImageLoader implements DataLoader<ImageBatch> {
  private final NDManager manager;
  private final LoaderOptions options;
  private final Sampler sampler;
  private final int samples;
  private final ImageShape shape;
  private final BatchSource batches;

  /**
   * A loader over a DJL data set.
   *
   * @param dataset one of ours, or any whose records are {@code [H, W, C] uint8} images with one
   *     label
   * @param normalization applied on the device
   * @param manager the model's: batches live on its device and under it
   * @throws IllegalArgumentException if the data set's records are no such images, no batch could
   *     be made, or the data set is to be cached and takes more than half of the device's memory
   */
  public ImageLoader(
      RandomAccessDataset dataset,
      LoaderOptions options,
      Normalization normalization,
      NDManager manager) {
    this(
        dataset,
        options,
        normalization,
        manager,
        options.pinMemory() && manager.getDevice().isGpu(),
        () -> MemoryBudget.of(manager.getDevice()));
  }

  /**
   * A loader over one of our data sets with its pipeline.
   *
   * @param manager the model's: batches live on its device and under it
   * @throws IllegalArgumentException as above, if the images come out of different sizes, or if
   *     what the device can't do in each pass is to be cached
   */
  public ImageLoader(PreparedImages images, LoaderOptions options, NDManager manager) {
    this(
        images,
        options.cached() ? DeviceAugmentation.of(images) : null,
        options,
        manager,
        options.pinMemory() && manager.getDevice().isGpu());
  }

  private ImageLoader(
      PreparedImages images,
      @Nullable DeviceAugmentation augmentation,
      LoaderOptions options,
      NDManager manager,
      boolean ahead) {
    this(
        images.size(),
        images.images()::label,
        host -> BatchAssembler.of(augmentation == null ? images : augmentation.once(images)),
        augmentation,
        options,
        images::normalization,
        manager,
        ahead,
        () -> MemoryBudget.of(manager.getDevice()));
  }

  /**
   * As the first; tests let a CPU's batches come the way of a GPU's.
   *
   * @param ahead whether a side thread starts the batches' copies to the device
   * @param budget the memory that a cache may take
   */
  ImageLoader(
      RandomAccessDataset dataset,
      LoaderOptions options,
      Normalization normalization,
      NDManager manager,
      boolean ahead,
      Supplier<MemoryBudget> budget) {
    this(
        Math.toIntExact(dataset.size()),
        labels(dataset),
        host -> BatchAssembler.of(dataset, host),
        null,
        options,
        () -> normalization,
        manager,
        ahead,
        budget);
  }

  private ImageLoader(
      int size,
      IntUnaryOperator labels,
      Function<NDManager, BatchAssembler> assembling,
      @Nullable DeviceAugmentation augmentation,
      LoaderOptions options,
      Supplier<Normalization> normalizing,
      NDManager manager,
      boolean ahead,
      Supplier<MemoryBudget> budget) {
    this.manager = manager.newSubManager();
    this.options = options;
    this.samples = size;
    boolean made = false;
    try {
      this.sampler = options.requireBatches(size, labels);
      BatchAssembler assembler = assembling.apply(this.manager.newSubManager(Device.cpu()));
      DeviceAugmentation each =
          augmentation == null ? DeviceAugmentation.none(assembler.shape()) : augmentation;
      this.shape = each.shape();
      Normalization normalization = normalizing.get();
      requireChannels(normalization);
      DeviceNormalization onDevice = DeviceNormalization.of(normalization, this.manager);
      if (options.cached()) {
        budget.get().require(DeviceCache.bytes(size, assembler.shape()));
        batches = DeviceCache.filled(assembler, size, options, onDevice, each, this.manager, ahead);
      } else {
        batches = new AssembledBatches(assembler, options, onDevice, this.manager, ahead);
      }
      made = true;
    } finally {
      if (!made) {
        this.manager.close();
      }
    }
  }

  @Override
  public OptionalInt length() {
    return OptionalInt.of(options.batches(sampler.size()));
  }

  /** Samples in the data set. */
  public int samples() {
    return samples;
  }

  /** Samples that a pass visits, which a sampler may repeat or leave out. */
  public int samplesPerPass() {
    return sampler.size();
  }

  /** The size of every image. */
  public ImageShape shape() {
    return shape;
  }

  @Override
  public DataPass<ImageBatch> open(int pass, int firstBatch) {
    return batches.open(PassOrder.of(sampler, pass), firstBatch);
  }

  @Override
  public void close() {
    batches.close();
    manager.close();
  }

  private void requireChannels(Normalization normalization) {
    if (normalization.mean().size() != shape.channels()) {
      throw new IllegalArgumentException(
          String.format(
              "Normalize has %d channels, the images have %d",
              normalization.mean().size(), shape.channels()));
    }
  }

  /** A sample's class; only a sampler that goes by classes asks. */
  static IntUnaryOperator labels(RandomAccessDataset dataset) {
    return dataset instanceof LabelledImages images
        ? images::label
        : index -> {
          throw new IllegalArgumentException(
              "a sampler by classes needs one of our data sets, got "
                  + dataset.getClass().getName());
        };
  }
}
