package org.djlrunner.log;

/**
 * Where log records go: a file, a console, a tracker.
 *
 * <p>Called from the runner's thread. An exception ends this sink's work, never the run's.
 */
public interface LogSink extends AutoCloseable {
  /** Writes one record. */
  void write(LogRecord record);

  /** Writes a sentence for people; sinks for machines ignore it. */
  default void note(String sentence) {}

  /** Writes a line that only a reader of the whole log wants; a console leaves it out. */
  default void detail(String line) {}

  /** Is told, before it is closed, that the run ends with a failure. */
  default void failed(Throwable failure) {}

  @Override
  default void close() {}
}
