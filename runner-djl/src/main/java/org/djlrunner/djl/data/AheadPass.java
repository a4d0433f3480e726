package org.djlrunner.djl.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.djlrunner.spi.DataPass;

/**
 * A pass whose batches a side thread takes ahead, so that taking one here is no more than picking
 * it up.
 *
 * <p>From its opening on only the side thread touches the pass behind. Closing waits for that
 * thread, which closes the batches that nobody took.
 */
final class AheadPass implements DataPass<ImageBatch> {
  /** Batches on the device besides the one in use: one that is ready, one in the making. */
  static final int DEPTH = 2;

  private final DataPass<ImageBatch> behind;
  private final ExecutorService side;
  private final Deque<Future<ImageBatch>> ahead = new ArrayDeque<>();
  private int notStarted;
  private volatile boolean closed;

  /**
   * Starts with the first batches.
   *
   * @param batches that the pass behind will give
   * @param side one thread
   */
  AheadPass(DataPass<ImageBatch> behind, int batches, ExecutorService side) {
    this.behind = behind;
    this.notStarted = batches;
    this.side = side;
    fill();
  }

  @Override
  public boolean hasNext() {
    return !closed && !ahead.isEmpty();
  }

  @Override
  public ImageBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("this pass has no further batch");
    }
    Future<ImageBatch> next = ahead.element();
    try {
      return Background.result(next, "the next batch");
    } finally {
      // After an interruption it is still to come, and closed with the others.
      if (next.isDone()) {
        ahead.remove();
        fill();
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (side.isShutdown()) {
      // The loader is closed, and its batches with it.
      behind.close();
      return;
    }
    // On the side thread, so behind all that it has begun.
    Future<?> end = side.submit(this::closeAll);
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a pass could not be closed", e.getCause());
    } catch (InterruptedException e) {
      // The side thread does it all the same; the loader's end waits for it.
      Thread.currentThread().interrupt();
    }
  }

  private void fill() {
    while (notStarted > 0 && ahead.size() < DEPTH && !closed) {
      ahead.add(side.submit(this::nextUnlessClosed));
      notStarted--;
    }
  }

  private ImageBatch nextUnlessClosed() {
    if (closed) {
      throw new CancellationException("the pass is closed");
    }
    return behind.next();
  }

  private void closeAll() {
    try (behind) {
      ahead.forEach(AheadPass::closeResult);
      ahead.clear();
    }
  }

  private static void closeResult(Future<ImageBatch> done) {
    try {
      done.get().close();
    } catch (ExecutionException e) {
      // It failed, so there is no batch.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
