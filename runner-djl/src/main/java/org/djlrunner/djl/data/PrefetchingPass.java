package org.djlrunner.djl.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.djlrunner.spi.DataPass;

/**
 * One pass over a data set, with batches in the making ahead of the one taken.
 *
 * @param <W> the work of the background
 * @param <B> the batch
 */
final class PrefetchingPass<W, B> implements DataPass<B> {
  private final BatchAssembly<W, B> source;
  private final PassOrder order;
  private final int batches;
  private final Deque<Future<W>> ahead = new ArrayDeque<>();
  private int taken;
  private int started;

  PrefetchingPass(BatchAssembly<W, B> source, PassOrder order, int firstBatch) {
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
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException("this pass has no further batch");
    }
    source.requireOpen();
    fill();
    Future<W> next = ahead.remove();
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
    for (Future<W> slot : ahead) {
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

  /** A finished batch that nobody wants; a failed one left nothing to give back. */
  private void reuse(Future<W> slot) {
    try {
      source.giveBack(slot.get());
    } catch (ExecutionException | CancellationException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
