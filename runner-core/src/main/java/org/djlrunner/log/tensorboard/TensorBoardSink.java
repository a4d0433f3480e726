package org.djlrunner.log.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.djlrunner.log.LogFiles;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.Tags;

/**
 * A log for TensorBoard: an event file with a scalar for each of the {@link Tags}, at the training
 * iterations behind the record, flushed as it is written.
 *
 * <p>Field numbers are those of TensorFlow's published {@code event.proto} and {@code
 * summary.proto}. Scalars are 32 bits wide, as TensorBoard shows them. A run that goes on writes a
 * file of its own beside the old ones; TensorBoard shows the files of a folder as one line.
 */
public final class TensorBoardSink implements LogSink {
  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE_VALUE = 2;

  private final RecordFile file;
  private final Clock clock;

  private TensorBoardSink(RecordFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Opens a new event file.
   *
   * @param folder TensorBoard's {@code logdir}; created if need be
   * @param clock dates events and the file's name
   * @throws UncheckedIOException if the file can't be written
   */
  public static TensorBoardSink open(Path folder, Clock clock) {
    try {
      Files.createDirectories(folder);
      // TensorBoard knows event files by this part of their name, and reads them in its order.
      String stem = "events.out.tfevents." + clock.instant().getEpochSecond();
      RecordFile file = RecordFile.open(LogFiles.claim(folder, stem, ".djl-runner"));
      TensorBoardSink sink = new TensorBoardSink(file, clock);
      file.write(sink.event().text(EVENT_FILE_VERSION, "brain.Event:2").toBytes());
      return sink;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write event files in " + folder, e);
    }
  }

  @Override
  public void write(LogRecord record) {
    Protobuf summary = new Protobuf();
    Tags.of(record)
        .forEach(
            (tag, value) ->
                summary.message(
                    SUMMARY_VALUE,
                    new Protobuf()
                        .text(VALUE_TAG, tag)
                        .float32(VALUE_SIMPLE_VALUE, value.floatValue())));
    try {
      file.write(
          event()
              .int64(EVENT_STEP, record.finishedIters())
              .message(EVENT_SUMMARY, summary)
              .toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Protobuf event() {
    Instant now = clock.instant();
    return new Protobuf().float64(EVENT_WALL_TIME, now.getEpochSecond() + now.getNano() / 1e9);
  }
}
