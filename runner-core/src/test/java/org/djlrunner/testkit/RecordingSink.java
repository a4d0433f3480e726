package org.djlrunner.testkit;

import java.util.ArrayList;
import java.util.List;
import org.djlrunner.Every;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;

/** A sink that keeps everything in memory. */
public final class RecordingSink implements LogSink {
  private final List<LogRecord> records = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean closed;

  /** A logger that writes every iteration here. */
  public LoggerHook everyIteration() {
    return every(1);
  }

  /** A logger that writes here every {@code interval} iterations of an epoch. */
  public LoggerHook every(int interval) {
    return new LoggerHook(interval, Every.Unit.EPOCH, true, context -> this);
  }

  /** The records written, in order. */
  public List<LogRecord> records() {
    return records;
  }

  /** The sentences written, in order. */
  public List<String> notes() {
    return notes;
  }

  /** Whether the run closed it. */
  public boolean closed() {
    return closed;
  }

  @Override
  public void write(LogRecord record) {
    records.add(record);
  }

  @Override
  public void note(String sentence) {
    notes.add(sentence);
  }

  @Override
  public void close() {
    closed = true;
  }
}
