package org.djlrunner.djl.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.djlrunner.spi.DataPass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pass whose batches a side thread takes ahead, so that taking one here is no more than picking
 * it up.
 *
 * <p>From its opening on only the side thread touches the pass behind. Closing waits for that
 * thread, which closes the batches that nobody took; once the loader is closed there is nothing
 * left to do.
 */
final class AheadPass implements DataPass<ImageBatch> {
  /** Batches on the device besides the one in use: one that is ready, one in the making. */
  static final int DEPTH = 2;

  private static final Logger log = LoggerFactory.getLogger(AheadPass.class);

  private final AssembledBatches source;
  private final DataPass<ImageBatch> behind;
  private final LoaderThreads side;
  private final Deque<Future<ImageBatch>> ahead = new ArrayDeque<>();
  private int notStarted;
  private volatile boolean closed;

  /**
   * Starts with the first batches.
   *
   * @param batches that the pass behind will give
   * @param side one thread
   */
  AheadPass(AssembledBatches source, DataPass<ImageBatch> behind, int batches, LoaderThreads side) {
    this.source = source;
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
    source.requireOpen();
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
    // On the side thread, so behind all that it has begun.
    Future<?> end = side.submit(this::closeAll);
    try {
      if (!side.isDone(end)) {
        log.warn("a pass is still being closed; the side thread goes on with that");
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a pass could not be closed", e.getCause());
    } catch (CancellationException e) {
      // The loader is closed, and with it all batches and slots.
      log.debug("a pass was closed after its loader", e);
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

  private @Nullable Void closeAll() {
    try (behind) {
      ahead.forEach(AheadPass::closeResult);
      ahead.clear();
    }
    return null;
  }

  private static void closeResult(Future<ImageBatch> done) {
    try {
      done.get().close();
    } catch (ExecutionException | CancellationException e) {
      // It failed, or the loader was closed before it was begun: there is no batch.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
