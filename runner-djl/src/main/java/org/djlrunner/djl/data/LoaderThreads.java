package org.djlrunner.djl.data;

import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Threads of a loader.
 *
 * <p>Work that they don't come to, because they were ended, is cancelled, so nobody waits for it.
 * Interrupting the thread that waits here cuts no wait short; it stays interrupted.
 */
final class LoaderThreads {
  /** How long closing waits for a read that does not return, so that a program can end. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What {@link #disown} means to a user. */
  static final String STILL_BUSY =
      "a data-loader thread is still busy after the loader was closed; the memory of its batches is"
          + " not freed, because the thread may still write there";

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ThreadPoolExecutor threads;
  private final Duration patience;

  /**
   * Threads that start with their first work.
   *
   * @param name beginning of each thread's name
   * @param around what each thread runs, made of its loop
   * @param patience how long to wait for one that is busy
   */
  LoaderThreads(int count, String name, UnaryOperator<Runnable> around, Duration patience) {
    this.patience = patience;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            loop -> daemon(around.apply(loop), name),
            (late, pool) -> cancel(late));
  }

  /** Work for the first thread that is free. */
  <T> Future<T> submit(Callable<T> work) {
    return threads.submit(work);
  }

  /** The same for work that is a {@link Future} itself. */
  <W extends Runnable & Future<?>> void execute(W work) {
    threads.execute(work);
  }

  /**
   * Waits for submitted work.
   *
   * @return whether it is done; false if it takes too long
   * @throws ExecutionException if it failed
   * @throws java.util.concurrent.CancellationException if the threads were ended before it began
   */
  boolean isDone(Future<?> work) throws ExecutionException {
    return patiently(
        nanos -> {
          try {
            work.get(nanos, TimeUnit.NANOSECONDS);
            return true;
          } catch (TimeoutException e) {
            return false;
          }
        });
  }

  /**
   * Interrupts the threads, cancels what they haven't begun, and waits for them.
   *
   * @return whether all have ended; false if one is busy for too long
   */
  boolean end() {
    threads.shutdownNow().forEach(LoaderThreads::cancel);
    return patiently(nanos -> threads.awaitTermination(nanos, TimeUnit.NANOSECONDS));
  }

  /** Keeps whoever owns a manager from freeing what is in it: a thread may still write there. */
  static void disown(NDManager manager) {
    Objects.requireNonNull(manager.getParentManager()).detachInternal(manager.getName());
  }

  private interface Wait<E extends Exception> {
    boolean isOver(long nanos) throws InterruptedException, E;
  }

  private <E extends Exception> boolean patiently(Wait<E> wait) throws E {
    long begin = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.isOver(Math.max(0, patience.toNanos() - (System.nanoTime() - begin)));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void cancel(Runnable work) {
    ((Future<?>) work).cancel(false);
  }

  private static Thread daemon(Runnable loop, String name) {
    Thread thread = new Thread(loop, name + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
