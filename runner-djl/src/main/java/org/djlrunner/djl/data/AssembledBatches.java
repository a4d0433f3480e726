package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlrunner.djl.kernel.ExecutorOptimization;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches that workers assemble on the host, and that a side thread brings to a GPU. */
final class AssembledBatches implements BatchSource {
  private static final Logger log = LoggerFactory.getLogger(AssembledBatches.class);
  private static final int THREAD_END_SECONDS = 30;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final BatchAssembler assembler;
  private final LoaderOptions options;
  private final BatchMemory memory;
  private final @Nullable ExecutorService workers;
  private final @Nullable ExecutorService side;

  /**
   * Batches of a data set; threads start with the first pass.
   *
   * @param manager owns the batches
   * @param ahead whether a side thread copies them to the device
   */
  AssembledBatches(
      BatchAssembler assembler,
      LoaderOptions options,
      DeviceNormalization normalization,
      NDManager manager,
      boolean ahead) {
    this.assembler = assembler;
    this.options = options;
    ImageShape shape = assembler.shape();
    this.memory =
        ahead
            ? new PinnedMemory(manager, options.batchSize(), shape, normalization)
            : new ReusedMemory(manager, options.batchSize(), shape, normalization);
    this.workers =
        options.workers() == 0
            ? null
            : Executors.newFixedThreadPool(options.workers(), work -> daemon(work, "data-loader-"));
    this.side =
        ahead
            ? Executors.newSingleThreadExecutor(
                work -> daemon(() -> copying(work), "data-loader-to-device-"))
            : null;
  }

  @Override
  public DataPass<ImageBatch> open(int[] order, int firstBatch) {
    DataPass<ImageBatch> pass = new ImagePass(this, order, firstBatch);
    return side == null
        ? pass
        : new AheadPass(pass, options.batches(order.length) - firstBatch, side);
  }

  @Override
  public void close() {
    end(side);
    end(workers);
    memory.close();
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

  private static void copying(Runnable work) {
    try (Scope off = ExecutorOptimization.off()) {
      work.run();
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
