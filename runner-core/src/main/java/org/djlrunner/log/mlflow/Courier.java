package org.djlrunner.log.mlflow;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers messages from a thread of its own, so that whoever sends never waits.
 *
 * <p>A delivery that fails is tried again, a few times in a row; then the courier gives up and
 * drops what follows. Messages wait in a bounded queue; those that find it full are dropped. What
 * was lost is told in a warning, once.
 */
final class Courier<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final int TRIES = 5;

  /** Brings messages to where they go. */
  interface Delivery<T> {
    /** Delivers a batch; at first, before there is any message, an empty one. */
    void deliver(List<T> batch) throws IOException, InterruptedException;

    /** Says good-bye, when all is delivered. */
    void end() throws IOException, InterruptedException;
  }

  /** A step of a delivery. */
  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  private final String receiver;
  private final Delivery<T> delivery;
  private final int batchSize;
  private final Duration retryDelay;
  private final Duration closeLimit;
  private final BlockingQueue<T> waiting;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final AtomicInteger lost = new AtomicInteger();
  private final Thread thread;
  private volatile @Nullable String gaveUp;

  /**
   * Starts a courier.
   *
   * @param receiver what warnings call the receiver
   * @param batchSize messages in a delivery, at most
   * @param capacity messages that may wait
   * @param retryDelay between two tries; the last ones, while it closes, follow at once
   * @param closeLimit how long closing may take
   */
  Courier(
      String receiver,
      Delivery<T> delivery,
      int batchSize,
      int capacity,
      Duration retryDelay,
      Duration closeLimit) {
    this.receiver = receiver;
    this.delivery = delivery;
    this.batchSize = batchSize;
    this.retryDelay = retryDelay;
    this.closeLimit = closeLimit;
    this.waiting = new LinkedBlockingQueue<>(capacity);
    this.thread = new Thread(this::work, "messages to " + receiver);
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands a message over; returns at once. */
  void send(T message) {
    if (gaveUp != null || !waiting.offer(message)) {
      lost.incrementAndGet();
    }
  }

  /** Messages that won't be delivered. */
  int lost() {
    return lost.get();
  }

  /** Delivers what waits, as long as the limit allows. */
  @Override
  public void close() {
    ending.countDown();
    try {
      thread.join(closeLimit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      gaveUp = "no answer within the " + closeLimit.toSeconds() + " s that the end of a run gives";
      thread.interrupt();
    }
    lost.addAndGet(waiting.size());
    waiting.clear();
    String reason = gaveUp;
    if (reason != null || lost.get() > 0) {
      LOG.warn(
          "{} values did not reach {}: {}",
          lost.get(),
          receiver,
          reason == null ? "they came faster than they could be sent" : reason);
    }
  }

  private void work() {
    try {
      List<T> batch = new ArrayList<>();
      boolean delivered = deliver(() -> delivery.deliver(List.of()), 0);
      while (delivered && next(batch)) {
        List<T> sent = List.copyOf(batch);
        batch.clear();
        delivered = deliver(() -> delivery.deliver(sent), sent.size());
      }
      if (delivered) {
        deliver(delivery::end, 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      gaveUp = e.toString();
    }
  }

  /** Waits for messages; false when there will be none any more. */
  private boolean next(List<T> batch) throws InterruptedException {
    while (batch.isEmpty()) {
      // Read before the queue is, so that nothing sent before the end is overlooked.
      boolean last = ending.getCount() == 0;
      waiting.drainTo(batch, batchSize);
      if (batch.isEmpty()) {
        if (last) {
          return false;
        }
        T first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          waiting.drainTo(batch, batchSize - 1);
        }
      }
    }
    return true;
  }

  private boolean deliver(Step step, int messages) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        step.take();
        return true;
      } catch (IOException e) {
        boolean passes = !(e instanceof Refused refused) || refused.passes();
        if (failures == TRIES || !passes) {
          lost.addAndGet(messages);
          gaveUp = String.valueOf(e.getMessage() == null ? e : e.getMessage());
          LOG.warn("{} is given up: {}; the run goes on without it", receiver, gaveUp);
          return false;
        }
        LOG.debug("{} failed, to be tried again", receiver, e);
        ending.await(retryDelay.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }
}
