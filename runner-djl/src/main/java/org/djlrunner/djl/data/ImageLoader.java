package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads batches of images ahead of the step, each assembled in one buffer of uint8 pixels stored
 * batch-height-width-channel.
 *
 * <p>Workers live as long as the loader. Over our own data sets they only touch Java memory, over
 * others they make the records' arrays on the CPU. For a GPU a side thread copies the next batches
 * there while the step computes; on a CPU a batch's arrays are made on the thread that takes it.
 * The same seed gives the same batches for any number of workers, whichever way they come.
 */
public final class ImageLoader implements DataLoader<ImageBatch> {
  private static final Logger log = LoggerFactory.getLogger(ImageLoader.class);
  private static final int THREAD_END_SECONDS = 30;

  /** Pixels that are copied together when a data set is brought to the device: 16 MB. */
  private static final int CACHE_PIECE = 1 << 24;

  private final BatchAssembler assembler;
  private final NDManager manager;
  private final LoaderOptions options;
  private final SampleOrder order;
  private final BatchMemory memory;
  private final @Nullable ExecutorService workers;
  private final @Nullable ExecutorService side;
  private final @Nullable DeviceCache cache;

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
   * As above; tests let a CPU's batches come the way of a GPU's.
   *
   * @param ahead whether batches are copied to the device by a side thread
   * @param budget the memory that a cache may take
   */
  ImageLoader(
      RandomAccessDataset dataset,
      LoaderOptions options,
      Normalization normalization,
      NDManager manager,
      boolean ahead,
      Supplier<MemoryBudget> budget) {
    this.manager = manager.newSubManager();
    this.options = options;
    DeviceNormalization onDevice = DeviceNormalization.of(normalization, this.manager);
    int size = Math.toIntExact(dataset.size());
    this.order = new SampleOrder(size, options.shuffle(), options.seed());
    requireBatches(size, options);
    this.assembler = BatchAssembler.of(dataset, this.manager.newSubManager(Device.cpu()));
    ImageShape shape = assembler.shape();
    if (normalization.mean().size() != shape.channels()) {
      throw new IllegalArgumentException(
          String.format(
              "Normalize has %d channels, the images have %d",
              normalization.mean().size(), shape.channels()));
    }
    if (options.cached()) {
      budget.get().require(DeviceCache.bytes(size, shape));
    }
    this.memory =
        ahead
            ? new PinnedMemory(this.manager, options.batchSize(), shape, onDevice)
            : new ReusedMemory(this.manager, options.batchSize(), shape, onDevice);
    boolean assembles = !options.cached();
    this.workers =
        assembles && options.workers() > 0
            ? Executors.newFixedThreadPool(options.workers(), ImageLoader::workerThread)
            : null;
    this.side =
        assembles && ahead ? Executors.newSingleThreadExecutor(ImageLoader::sideThread) : null;
    this.cache = options.cached() ? new DeviceCache(size, shape, onDevice, this.manager) : null;
    if (cache != null) {
      int piece = Math.max(1, Math.min(size, CACHE_PIECE / shape.bytes()));
      LoaderOptions inOrder =
          new LoaderOptions(piece, false, false, options.workers(), options.prefetchFactor(), 0);
      try (ImageLoader plain =
              new ImageLoader(dataset, inOrder, normalization, this.manager, ahead, budget);
          DataPass<ImageBatch> pass = plain.open(0)) {
        cache.fill(pass);
      } catch (RuntimeException e) {
        this.manager.close();
        throw e;
      }
    }
  }

  @Override
  public OptionalInt length() {
    return OptionalInt.of(options.batches(order.size()));
  }

  /** Samples in the data set. */
  public int samples() {
    return order.size();
  }

  /** The size of every image. */
  public ImageShape shape() {
    return assembler.shape();
  }

  @Override
  public DataPass<ImageBatch> open(int pass, int firstBatch) {
    int[] samples = order.of(pass);
    if (cache != null) {
      return new CachedPass(cache, samples, options, firstBatch);
    }
    DataPass<ImageBatch> batches = new ImagePass(this, samples, firstBatch);
    int count = Math.max(0, options.batches(samples.length) - firstBatch);
    return side == null ? batches : new AheadPass(batches, count, side);
  }

  @Override
  public void close() {
    end(side);
    end(workers);
    memory.close();
    manager.close();
  }

  LoaderOptions options() {
    return options;
  }

  /** Starts assembling a batch, in the background if there are workers. */
  Future<BatchSlot> assemble(int[] samples, int from, int to) {
    FutureTask<BatchSlot> task =
        new FutureTask<>(() -> assembled(samples, from, to)) {
          @Override
          protected void set(BatchSlot slot) {
            super.set(slot);
            // Cancelled while it ran: nobody will ask for the result.
            if (isCancelled()) {
              giveBack(slot);
            }
          }
        };
    if (workers == null) {
      task.run();
    } else {
      workers.execute(task);
    }
    return task;
  }

  /** A slot's samples as a batch on the device. */
  ImageBatch batch(BatchSlot slot) {
    return memory.batch(slot);
  }

  void giveBack(BatchSlot slot) {
    memory.giveBack(slot);
  }

  private BatchSlot assembled(int[] samples, int from, int to) {
    BatchSlot slot = memory.take();
    boolean complete = false;
    try {
      slot.begin();
      for (int i = from; i < to; i++) {
        assembler.add(samples[i], slot);
      }
      complete = true;
      return slot;
    } finally {
      if (!complete) {
        giveBack(slot);
      }
    }
  }

  /** Waits for threads to leave the data set and the arrays, which are about to be freed. */
  private static void end(@Nullable ExecutorService threads) {
    if (threads == null) {
      return;
    }
    threads.shutdownNow();
    try {
      // Bounded, so that a read that never returns can't keep the program from ending.
      boolean ended = threads.awaitTermination(THREAD_END_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        log.warn("a data-loader thread is still busy after {} s", THREAD_END_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void requireBatches(int size, LoaderOptions options) {
    if (size == 0) {
      throw new IllegalArgumentException("the data set is empty");
    }
    if (options.batches(size) == 0) {
      throw new IllegalArgumentException(
          String.format(
              "the batch size %d is larger than the data set of %d samples, and drop_last leaves"
                  + " out the incomplete batch: nothing is left. Lower samples_per_gpu or set"
                  + " drop_last: false",
              options.batchSize(), size));
    }
  }

  private static final AtomicInteger WORKER = new AtomicInteger();

  private static Thread workerThread(Runnable work) {
    return daemon(work, "data-loader-" + WORKER.incrementAndGet());
  }

  private static Thread sideThread(Runnable work) {
    return daemon(work, "data-loader-to-device-" + WORKER.incrementAndGet());
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
