package org.djlrunner.benchmarks;

import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.jspecify.annotations.Nullable;

/** A log that keeps its last record and prints nothing. */
final class SilentLog implements LogSink {
  private @Nullable LogRecord last;

  @Override
  public void write(LogRecord record) {
    last = record;
  }

  /** A value of the last record. */
  double last(String name) {
    Double value = last == null ? null : last.values().get(name);
    if (value == null) {
      throw new IllegalStateException("nothing was logged as '" + name + "'");
    }
    return value;
  }
}
