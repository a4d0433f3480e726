package org.djlrunner.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets a run end in order when the process is told to, by Ctrl-C or by a TERM signal: it is asked
 * to stop, and the process waits until it has written its last files.
 *
 * <p>The exit code is then the signal's, 130 or 143. A run that takes longer to stop than the grace
 * is cut off.
 */
final class StopAtShutdown implements AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /**
   * From now on until it is closed.
   *
   * @param stop asks the run to stop, with a reason
   * @param graceSeconds how long to wait for its end
   */
  StopAtShutdown(Consumer<String> stop, long graceSeconds) {
    hook = new Thread(() -> stopAndWait(stop, graceSeconds), "stop-at-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What the shutdown does. */
  void stopAndWait(Consumer<String> stop, long graceSeconds) {
    stop.accept("the process was told to end");
    try {
      if (!ended.await(graceSeconds, TimeUnit.SECONDS)) {
        System.err.println("The run did not stop within " + graceSeconds + " s and is cut off.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: that is what the hook was for.
      ended.countDown();
    }
  }
}
