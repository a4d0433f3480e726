package org.djlrunner.log;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log for people: each line goes to the logger {@code org.djlrunner} and, if there is one, to a
 * file.
 */
public final class TextSink implements LogSink {
  private static final Logger CONSOLE = LoggerFactory.getLogger("org.djlrunner");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private @Nullable BufferedWriter file;

  private final Clock clock;

  private @Nullable String expName;
  private int intervalExpName = TextLogOptions.DEFAULT.intervalExpName();

  private TextSink(@Nullable BufferedWriter file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Opens a log whose lines in the file begin with the local time. */
  public static TextSink open(Optional<Path> file) {
    return open(file, Clock.system(ZoneId.systemDefault()));
  }

  /**
   * Opens a log, replacing what is there.
   *
   * @param file the file, empty for the console only
   * @param clock dates the file's lines
   * @throws UncheckedIOException if the file can't be written
   */
  public static TextSink open(Optional<Path> file, Clock clock) {
    try {
      return new TextSink(
          file.isPresent() ? Files.newBufferedWriter(file.get(), StandardCharsets.UTF_8) : null,
          clock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log " + file.orElseThrow(), e);
    }
  }

  /**
   * Shows the experiment's name above the last record of an epoch, and above records at an
   * interval.
   *
   * @param name the experiment's name
   * @param interval iterations, 1 or more
   */
  public TextSink naming(String name, int interval) {
    expName = name;
    intervalExpName = interval;
    return this;
  }

  @Override
  public void write(LogRecord record) {
    if (expName != null && record.mode().equals(Mode.TRAIN) && isNameDue(record)) {
      line("Exp name: " + expName);
    }
    line(LogLine.of(record));
  }

  @Override
  public void note(String sentence) {
    line(sentence);
  }

  @Override
  public void detail(String line) {
    toFile(line);
  }

  /** Whoever runs the program tells the console. */
  @Override
  public void failed(Throwable failure) {
    toFile("The run failed: " + failure);
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private boolean isNameDue(LogRecord record) {
    return record.progress().everyNIters(intervalExpName)
        || (record.labelUnit() == Every.Unit.EPOCH && record.progress().endOfEpoch());
  }

  private void line(String text) {
    CONSOLE.info(text);
    toFile(text);
  }

  private void toFile(String text) {
    if (file != null) {
      try {
        file.write(LocalDateTime.now(clock).format(TIME) + " " + text);
        file.newLine();
        file.flush();
      } catch (IOException e) {
        // The console goes on: progress is worth more than tidiness.
        file = null;
        CONSOLE.warn("the log file can no longer be written: {}", e.getMessage());
      }
    }
  }
}
