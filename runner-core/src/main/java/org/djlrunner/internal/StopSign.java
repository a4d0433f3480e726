package org.djlrunner.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.djlrunner.StopReason;
import org.djlrunner.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run shall end before its limit, and why: the first reason counts.
 *
 * <p>Anyone may ask for the end from any thread. The limit of time and the interrupt of the run's
 * thread are looked at where the runner asks, between iterations.
 */
public final class StopSign {
  private final AtomicReference<@Nullable StopReason> reason = new AtomicReference<>();
  private final @Nullable Duration timeLimit;
  private final Ticker ticker;
  private long start;
  private boolean interrupted;

  /**
   * A sign that is not up.
   *
   * @param timeLimit how long the run may take, null for as long as it wants
   */
  public StopSign(@Nullable Duration timeLimit, Ticker ticker) {
    this.timeLimit = timeLimit;
    this.ticker = ticker;
  }

  /** Begins the run's time. */
  public void begin() {
    start = ticker.nanos();
  }

  /** Puts the sign up on somebody's request. */
  public void request(String words) {
    reason.compareAndSet(null, new StopReason.Requested(words));
  }

  /** Whether the sign is up, after a look at the time and at the thread's interrupt. */
  public boolean isUp() {
    if (Thread.currentThread().isInterrupted()) {
      holdInterrupt();
      reason.compareAndSet(null, new StopReason.Interrupted());
    }
    if (timeLimit != null && ticker.nanos() - start >= timeLimit.toNanos()) {
      reason.compareAndSet(null, new StopReason.TimeUp(timeLimit));
    }
    return reason.get() != null;
  }

  /** Why the run ends: the sign's reason, or its own limit. */
  public StopReason reason() {
    StopReason given = reason.get();
    return given == null ? new StopReason.LimitReached() : given;
  }

  /** Clears the thread's interrupt for the rest of the run: files can't be written under it. */
  public void holdInterrupt() {
    interrupted |= Thread.interrupted();
  }

  /** Gives the thread its interrupt back, at the end of the run. */
  public void restoreInterrupt() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
