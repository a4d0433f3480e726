package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.concurrent.Future;
import org.djlrunner.djl.kernel.ExecutorOptimization;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batches that workers assemble on the host, and that a side thread brings to a GPU. */
final class AssembledBatches implements BatchSource, BatchAssembly<BatchSlot, ImageBatch> {
  private static final Logger log = LoggerFactory.getLogger(AssembledBatches.class);

  private final BatchAssembler assembler;
  private final LoaderOptions options;
  private final NDManager manager;
  private final BatchMemory memory;
  private final @Nullable LoaderThreads workers;
  private final @Nullable LoaderThreads side;
  private volatile boolean closed;

  /**
   * Batches of a data set; threads start with the first pass.
   *
   * @param parent owns the batches
   * @param ahead whether a side thread has them copied to the device
   */
  AssembledBatches(
      BatchAssembler assembler,
      LoaderOptions options,
      DeviceNormalization normalization,
      NDManager parent,
      boolean ahead) {
    this(assembler, options, normalization, parent, ahead, LoaderThreads.PATIENCE);
  }

  /**
   * As above.
   *
   * @param patience how long closing waits for a thread that is busy
   */
  AssembledBatches(
      BatchAssembler assembler,
      LoaderOptions options,
      DeviceNormalization normalization,
      NDManager parent,
      boolean ahead,
      Duration patience) {
    this.assembler = assembler;
    this.options = options;
    this.manager = parent.newSubManager();
    ImageShape shape = assembler.shape();
    BatchMix mix = assembler.mix();
    LabelForm form = mix == null ? LabelForm.HARD : new LabelForm(mix.classes());
    this.memory =
        ahead
            ? new PinnedMemory(manager, options.batchSize(), shape, form, normalization)
            : new ReusedMemory(manager, options.batchSize(), shape, form, normalization);
    this.workers =
        options.workers() == 0
            ? null
            : new LoaderThreads(options.workers(), "data-loader-", loop -> loop, patience);
    this.side =
        ahead
            ? new LoaderThreads(1, "data-loader-to-device-", loop -> () -> copying(loop), patience)
            : null;
  }

  @Override
  public DataPass<ImageBatch> open(PassOrder order, int firstBatch) {
    requireOpen();
    DataPass<ImageBatch> batches = new PrefetchingPass<>(this, order, firstBatch);
    return side == null
        ? batches
        : new AheadPass(this, batches, options.batches(order.size()) - firstBatch, side);
  }

  @Override
  public void close() {
    closed = true;
    // Threads have to leave the data set and the arrays.
    boolean sideEnded = side == null || side.end();
    boolean workersEnded = workers == null || workers.end();
    if (sideEnded && workersEnded) {
      assembler.close();
      memory.close();
      manager.close();
    } else {
      log.warn(LoaderThreads.STILL_BUSY);
      LoaderThreads.disown(manager);
      assembler.owner().ifPresent(LoaderThreads::disown);
    }
  }

  @Override
  public void requireOpen() {
    if (closed) {
      throw new IllegalStateException(Background.LOADER_CLOSED);
    }
  }

  @Override
  public LoaderOptions options() {
    return options;
  }

  @Override
  public Future<BatchSlot> assemble(PassOrder order, int from, int to) {
    return Background.start(workers, () -> assembled(order, from, to), this::giveBack);
  }

  @Override
  public ImageBatch batch(BatchSlot slot) {
    return memory.batch(slot);
  }

  @Override
  public void giveBack(BatchSlot slot) {
    memory.giveBack(slot);
  }

  private BatchSlot assembled(PassOrder order, int from, int to) {
    BatchSlot slot = memory.take();
    boolean complete = false;
    try {
      assembler.fill(slot, order, from, to);
      complete = true;
      return slot;
    } finally {
      if (!complete) {
        giveBack(slot);
      }
    }
  }

  private static void copying(Runnable work) {
    try (Scope off = ExecutorOptimization.off()) {
      work.run();
    }
  }
}
