package org.djlrunner.djl.data;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waiting for what another thread makes. */
final class Background {
  /** What is wrong where a pass outlives its loader. */
  static final String LOADER_CLOSED =
      "the loader is closed, so its passes give no further batch; close them before it";

  private Background() {}

  /**
   * Starts work.
   *
   * @param threads do it; null for this one, at once
   * @param unwanted takes what was cancelled too late not to be made
   */
  static <W> Future<W> start(
      @Nullable LoaderThreads threads, Callable<W> work, Consumer<W> unwanted) {
    FutureTask<W> task =
        new FutureTask<>(work) {
          @Override
          protected void set(W result) {
            super.set(result);
            // Cancelled while it ran: nobody will ask for the result.
            if (isCancelled()) {
              unwanted.accept(result);
            }
          }
        };
    if (threads == null) {
      task.run();
    } else {
      threads.execute(task);
    }
    return task;
  }

  /**
   * The result, or the failure as it was thrown.
   *
   * @param what is waited for, for the message
   * @throws CancellationException if this thread is interrupted meanwhile
   * @throws IllegalStateException if the loader was closed before it was made
   */
  static <T> T result(Future<T> future, String what) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof RuntimeException known
          ? known
          : new IllegalStateException(what + " could not be loaded", cause);
    } catch (CancellationException e) {
      throw new IllegalStateException(LOADER_CLOSED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for " + what);
    }
  }
}
