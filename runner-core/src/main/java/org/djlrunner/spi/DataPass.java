package org.djlrunner.spi;

import java.util.Iterator;

/**
 * One pass over a data set, batch by batch.
 *
 * <p>A failure in the background, such as an unreadable image, surfaces at the next call of {@code
 * next}. Closing early gives up the batches not taken.
 *
 * @param <B> the batch
 */
public interface DataPass<B> extends Iterator<B>, AutoCloseable {
  @Override
  void close();
}
