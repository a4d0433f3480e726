package org.djlrunner.djl.data;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * others they make the records' arrays on the CPU; a batch's arrays are made on the thread that
 * takes it. The same seed gives the same batches for any number of workers.
 */
public final class ImageLoader implements DataLoader<ImageBatch> {
  private static final Logger log = LoggerFactory.getLogger(ImageLoader.class);
  private static final int WORKER_END_SECONDS = 30;

  private final BatchAssembler assembler;
  private final NDManager manager;
  private final LoaderOptions options;
  private final DeviceNormalization normalization;
  private final SampleOrder order;
  private final ConcurrentLinkedQueue<BatchSlot> free = new ConcurrentLinkedQueue<>();
  private final @Nullable ExecutorService workers;

  /**
   * A loader over a DJL data set.
   *
   * @param dataset one of ours, or any whose records are {@code [H, W, C] uint8} images with one
   *     label
   * @param normalization applied on the device
   * @param manager the model's: batches live on its device and under it
   * @throws IllegalArgumentException if the data set's records are no such images, or no batch
   *     could be made
   */
  public ImageLoader(
      RandomAccessDataset dataset,
      LoaderOptions options,
      Normalization normalization,
      NDManager manager) {
    this.manager = manager.newSubManager();
    this.options = options;
    this.normalization = DeviceNormalization.of(normalization, this.manager);
    int size = Math.toIntExact(dataset.size());
    this.order = new SampleOrder(size, options.shuffle(), options.seed());
    requireBatches(size, options);
    this.assembler = BatchAssembler.of(dataset, this.manager.newSubManager(Device.cpu()));
    int channels = assembler.shape().channels();
    if (normalization.mean().size() != channels) {
      throw new IllegalArgumentException(
          String.format(
              "Normalize has %d channels, the images have %d",
              normalization.mean().size(), channels));
    }
    this.workers =
        options.workers() == 0
            ? null
            : Executors.newFixedThreadPool(options.workers(), ImageLoader::workerThread);
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
    return new ImagePass(this, order.of(pass), firstBatch);
  }

  @Override
  public void close() {
    if (workers != null) {
      workers.shutdownNow();
      awaitEnd(workers);
    }
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

  /** A batch on the device that gives its slot back when closed. */
  ImageBatch batch(BatchSlot slot) {
    return new ImageBatch(manager, slot, assembler.shape(), normalization, () -> giveBack(slot));
  }

  void giveBack(BatchSlot slot) {
    free.add(slot);
  }

  private BatchSlot assembled(int[] samples, int from, int to) {
    BatchSlot slot = free.poll();
    if (slot == null) {
      slot = new BatchSlot(options.batchSize(), assembler.shape());
    }
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

  /** Waits for workers to leave the data set and their arrays, which are about to be freed. */
  private static void awaitEnd(ExecutorService workers) {
    try {
      // Bounded, so that a read that never returns can't keep the program from ending.
      boolean ended = workers.awaitTermination(WORKER_END_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        log.warn("a data-loader worker is still busy after {} s", WORKER_END_SECONDS);
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
    Thread thread = new Thread(work, "data-loader-" + WORKER.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
