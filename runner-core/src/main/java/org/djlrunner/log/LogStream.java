package org.djlrunner.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings records and notes to sinks, so that no sink can disturb another or the run.
 *
 * <p>A sink that throws is dropped with a warning that says what it was and why.
 */
public final class LogStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);

  private final List<LogSink> sinks = new ArrayList<>();

  /** Notes of hooks that begin before those that open sinks. */
  private final List<String> early = new ArrayList<>();

  private boolean begun;
  private final List<Runnable> afterwards = new ArrayList<>();

  /** Adds a sink for all that follows, and for what was noted before the first record. */
  public void subscribe(LogSink sink) {
    sinks.add(sink);
    early.forEach(sentence -> guarded(sink, s -> s.note(sentence)));
  }

  /** Sends a record to every sink. */
  public void publish(LogRecord record) {
    begin();
    toAll(sink -> sink.write(record));
  }

  /** Sends a record to one subscribed sink, for loggers with an interval of their own. */
  public void publishTo(LogSink sink, LogRecord record) {
    begin();
    if (sinks.contains(sink)) {
      guarded(sink, s -> s.write(record));
    }
  }

  private void begin() {
    begun = true;
    early.clear();
  }

  /** Sends a sentence for people to every sink that has readers. */
  public void note(String sentence) {
    if (!begun) {
      early.add(sentence);
    }
    toAll(sink -> sink.note(sentence));
  }

  /** Sends a line that is for log files, not for the console. */
  public void detail(String line) {
    toAll(sink -> sink.detail(line));
  }

  /** Tells one subscribed sink that the run ends with a failure. */
  public void failed(LogSink sink, Throwable failure) {
    if (sinks.contains(sink)) {
      guarded(sink, s -> s.failed(failure));
    }
  }

  /** Adds what is to be done when all sinks are closed; a failure of it is only a warning. */
  public void whenClosed(Runnable action) {
    afterwards.add(action);
  }

  /** Closes and drops every sink. */
  @Override
  public void close() {
    toAll(LogSink::close);
    sinks.clear();
    for (Runnable action : afterwards) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.warn("after the logs were closed: {}", e.getMessage());
      }
    }
    afterwards.clear();
  }

  private void toAll(Consumer<LogSink> action) {
    for (LogSink sink : List.copyOf(sinks)) {
      guarded(sink, action);
    }
  }

  private void guarded(LogSink sink, Consumer<LogSink> action) {
    try {
      action.accept(sink);
    } catch (RuntimeException e) {
      sinks.remove(sink);
      closeQuietly(sink);
      LOG.warn(
          "{} failed and is switched off for the rest of the run: {}",
          sink.getClass().getTypeName(),
          e.getMessage());
    }
  }

  /** A sink that failed may well fail again; its first failure is the one to report. */
  private static void closeQuietly(LogSink sink) {
    try {
      sink.close();
    } catch (RuntimeException e) {
      LOG.debug("closing a failed sink failed too", e);
    }
  }
}
