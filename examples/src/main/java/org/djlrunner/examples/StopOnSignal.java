package org.djlrunner.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a run end in order when the process is told to, by Ctrl-C or by a TERM signal: it is asked
 * to stop after its iteration, and writes its last checkpoint. A second signal ends the process at
 * once.
 *
 * <p>The JDK has no supported way to hear of a second signal: a shutdown hook is told of the first
 * only.
 */
final class StopOnSignal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopOnSignal.class);

  /** What shells add to a signal's number to make an exit code. */
  private static final int SIGNALLED = 128;

  private final Consumer<String> stop;
  private final Consumer<String> say;
  private final IntConsumer halt;
  private final AtomicInteger received = new AtomicInteger();
  private final List<ProcessSignal> handled = new ArrayList<>();

  /**
   * A stop that listens to nobody yet.
   *
   * @param stop asks the run to stop, with a reason
   * @param say tells the user
   * @param halt ends the process with a code
   */
  StopOnSignal(Consumer<String> stop, Consumer<String> say, IntConsumer halt) {
    this.stop = stop;
    this.say = say;
    this.halt = halt;
  }

  /** Listens to INT and TERM until it is closed. */
  static StopOnSignal listen(Consumer<String> stop, Consumer<String> say) {
    StopOnSignal listener = new StopOnSignal(stop, say, Runtime.getRuntime()::halt);
    for (String name : List.of("INT", "TERM")) {
      try {
        listener.handled.add(ProcessSignal.handle(name, listener::receive));
      } catch (ReflectiveOperationException e) {
        // An option of the JVM keeps the signal to itself, so it ends the process as ever.
        LOG.debug("SIG{} can't be handled", name, e);
      }
    }
    return listener;
  }

  /** What a signal does. */
  void receive(String name, int number) {
    if (received.compareAndSet(0, number)) {
      say.accept("SIG" + name + ": stopping after this iteration; a second one ends at once");
      stop.accept("SIG" + name);
    } else {
      halt.accept(SIGNALLED + number);
    }
  }

  /** The exit code of a process that was told to end; empty if it wasn't. */
  OptionalInt exitCode() {
    int number = received.get();
    return number == 0 ? OptionalInt.empty() : OptionalInt.of(SIGNALLED + number);
  }

  @Override
  public void close() {
    handled.forEach(ProcessSignal::close);
    handled.clear();
  }
}
