package org.djlrunner;

import java.util.NoSuchElementException;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.jspecify.annotations.Nullable;

/**
 * A loader without an end: when a pass is used up, the next begins.
 *
 * @param <B> the batch
 */
public final class IterLoader<B> implements DataPass<B> {
  private final DataLoader<B> loader;
  private @Nullable DataPass<B> pass;
  private int epoch;
  private int nextIndex;

  /**
   * How far an endless loader is.
   *
   * @param pass passes used up
   * @param batch batches taken of the present pass
   */
  public record Position(int pass, int batch) {}

  /** Wraps a loader, starting with its pass 0. */
  public IterLoader(DataLoader<B> loader) {
    this(loader, new Position(0, 0));
  }

  /** Wraps a loader, going on from where another stood. */
  public IterLoader(DataLoader<B> loader, Position start) {
    this.loader = loader;
    this.epoch = start.pass();
    this.nextIndex = start.batch();
  }

  /** How far this is. */
  public Position position() {
    return new Position(epoch, nextIndex);
  }

  /** The loader behind this one. */
  public DataLoader<B> loader() {
    return loader;
  }

  /** The number of passes that have been used up. */
  public int epoch() {
    return epoch;
  }

  /** The index within its pass of the batch that {@link #next} returns. */
  public int nextIndex() {
    return nextIndex;
  }

  /** Whether the last batch of a pass was taken and none of the next. */
  public boolean atPassEnd() {
    return epoch > 0 && nextIndex == 0;
  }

  /** Always true: there is no end. */
  @Override
  public boolean hasNext() {
    return true;
  }

  /**
   * Returns the next batch of this pass or the first of the next.
   *
   * @throws NoSuchElementException if the loader has no batch at all
   */
  @Override
  public B next() {
    if (pass == null) {
      pass = loader.open(epoch, nextIndex);
      if (!pass.hasNext() && nextIndex > 0) {
        // The data has become shorter than it was when the position was taken.
        close();
        epoch++;
        nextIndex = 0;
        pass = loader.open(epoch, 0);
      }
      if (!pass.hasNext()) {
        throw new NoSuchElementException("the data loader is empty: it has no batch to repeat");
      }
    }
    B batch = pass.next();
    nextIndex++;
    if (!pass.hasNext()) {
      close();
      epoch++;
      nextIndex = 0;
    }
    return batch;
  }

  /** Gives up the rest of the present pass. */
  @Override
  public void close() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }
}
