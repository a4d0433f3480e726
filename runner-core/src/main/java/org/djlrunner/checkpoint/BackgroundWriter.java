package org.djlrunner.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Writes on a thread of its own, one thing at a time.
 *
 * <p>For one user thread. Whoever starts a job awaits it before the next one and at the end; what
 * went wrong in it is thrown there.
 */
public final class BackgroundWriter {
  private @Nullable FutureTask<List<String>> job;

  /** A writer without a job. */
  public BackgroundWriter() {}

  /**
   * Begins a job, which tells what there is to say about it.
   *
   * @throws IllegalStateException if the job before wasn't awaited
   */
  public void start(Callable<List<String>> work) {
    if (job != null) {
      throw new IllegalStateException("the job before must be awaited first");
    }
    job = new FutureTask<>(work);
    Thread thread = new Thread(job, "checkpoint-writer");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits until the job, if there is one, is done; an interrupt doesn't shorten it and is kept.
   *
   * @return what the job tells
   * @throws IOException if it failed so
   */
  public List<String> await() throws IOException {
    FutureTask<List<String>> awaited = job;
    job = null;
    if (awaited == null) {
      return List.of();
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return awaited.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException failure(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException failure) {
      return failure;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    return new IOException(cause);
  }
}
