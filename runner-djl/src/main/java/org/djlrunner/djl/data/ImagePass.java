package org.djlrunner.djl.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.djlrunner.spi.DataPass;

/** One pass of {@link AssembledBatches}, with batches in the making ahead of the one taken. */
final class ImagePass implements DataPass<ImageBatch> {
  private final AssembledBatches source;
  private final PassOrder order;
  private final int batches;
  private final Deque<Future<BatchSlot>> ahead = new ArrayDeque<>();
  private int taken;
  private int started;

  ImagePass(AssembledBatches source, PassOrder order, int firstBatch) {
    this.source = source;
    this.order = order;
    this.batches = source.options().batches(order.size());
    this.taken = firstBatch;
    this.started = firstBatch;
    fill();
  }

  @Override
  public boolean hasNext() {
    return taken < batches;
  }

  @Override
  public ImageBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("this pass has no further batch");
    }
    source.requireOpen();
    fill();
    Future<BatchSlot> next = ahead.remove();
    taken++;
    try {
      return source.batch(Background.result(next, "batch " + (taken - 1)));
    } finally {
      fill();
    }
  }

  /** Batches begun, from the pass's first on: those taken and those ahead. */
  int started() {
    return started;
  }

  @Override
  public void close() {
    for (Future<BatchSlot> slot : ahead) {
      slot.cancel(false);
      if (!slot.isCancelled()) {
        reuse(slot);
      }
    }
    ahead.clear();
    taken = batches;
  }

  private void fill() {
    int size = source.options().batchSize();
    while (started < batches && ahead.size() < Math.max(1, source.options().depth())) {
      int from = started * size;
      ahead.add(source.assemble(order, from, Math.min(from + size, order.size())));
      started++;
    }
  }

  /** A finished batch that nobody wants; a failed one has no slot to give back. */
  private void reuse(Future<BatchSlot> slot) {
    try {
      source.giveBack(slot.get());
    } catch (ExecutionException | CancellationException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
