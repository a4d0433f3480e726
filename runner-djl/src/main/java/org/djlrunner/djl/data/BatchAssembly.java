package org.djlrunner.djl.data;

import java.util.concurrent.Future;

/**
 * Makes the batches of a pass in two halves: one in the background, one where a batch is taken.
 *
 * @param <W> the work of the background
 * @param <B> the batch
 */
interface BatchAssembly<W, B> {
  /** How batches are made. */
  LoaderOptions options();

  /**
   * Refuses what needs the loader.
   *
   * @throws IllegalStateException if it is closed
   */
  void requireOpen();

  /** Starts with the batch of the places {@code from} to {@code to} of a pass. */
  Future<W> assemble(PassOrder order, int from, int to);

  /** The batch; the work is its own from now on. */
  B batch(W work);

  /** Takes back work that no batch will be made of. */
  void giveBack(W work);
}
