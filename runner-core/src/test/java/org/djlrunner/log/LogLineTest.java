package org.djlrunner.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Progress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two shipped sinks write. */
class LogLineTest {
  @TempDir private Path folder;

  private static LogRecord record(Mode mode, Every.Unit unit, double lr, OptionalDouble eta) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("time", 0.01234);
    values.put("loss", 1.5);
    values.put("accuracy_top-1", 93.456);
    Progress progress =
        new Progress(
            0, 49, 49, OptionalInt.of(187), OptionalInt.of(8), OptionalInt.of(1496), false);
    return new LogRecord(
        mode,
        unit,
        1,
        50,
        progress,
        50,
        Map.of("default", List.of(lr)),
        Map.of("default", List.of(0.9)),
        Map.of(),
        values,
        eta);
  }

  @Test
  @DisplayName("L06 a training line by epoch")
  void trainByEpoch() {
    assertThat(LogLine.of(record(Mode.TRAIN, Every.Unit.EPOCH, 0.05, OptionalDouble.of(3671))))
        .isEqualTo(
            "Epoch [1][50/187]\tlr: 5.000e-02, eta: 1:01:11, time: 0.0123, loss: 1.5000,"
                + " accuracy_top-1: 93.46");
  }

  @Test
  @DisplayName("L06 a training line by iteration")
  void trainByIter() {
    assertThat(LogLine.of(record(Mode.TRAIN, Every.Unit.ITER, 1e-6, OptionalDouble.empty())))
        .startsWith("Iter [50/1496]\tlr: 1.000e-06, time: 0.0123");
  }

  @Test
  @DisplayName("L06 validation lines")
  void val() {
    assertThat(LogLine.of(record(Mode.VAL, Every.Unit.EPOCH, 0.05, OptionalDouble.empty())))
        .startsWith("Epoch(val) [1][50]\tloss: 1.5000, accuracy_top-1: 93.46");
    assertThat(LogLine.of(record(Mode.VAL, Every.Unit.ITER, 0.05, OptionalDouble.empty())))
        .startsWith("Iter(val) [50][50]\tloss: ");
  }

  @Test
  @DisplayName("L06 V08 accuracies have two digits, in named evaluations too")
  void named() {
    LogRecord record =
        new LogRecord(
            Mode.VAL,
            Every.Unit.EPOCH,
            0,
            5,
            Progress.START,
            0,
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of("clean/accuracy_top-1", 93.456),
            OptionalDouble.empty());
    assertThat(LogLine.of(record)).isEqualTo("Epoch(val) [0][5]\tclean/accuracy_top-1: 93.46");
  }

  @Test
  @DisplayName("L06 durations beyond a day, and none below zero")
  void durations() {
    assertThat(LogLine.duration(2 * 86_400 + 3_600 + 61)).isEqualTo("2d 1:01:01");
    assertThat(LogLine.duration(-5)).isEqualTo("0:00:00");
  }

  @Test
  @DisplayName("L07 JSON lines keep every digit, and values that JSON has no numbers for")
  void json() throws IOException {
    Path file = folder.resolve("log.json");
    try (JsonLinesSink sink = JsonLinesSink.open(file)) {
      sink.write(record(Mode.TRAIN, Every.Unit.EPOCH, 1e-6, OptionalDouble.of(1)));
      sink.write(
          new LogRecord(
              Mode.TRAIN,
              Every.Unit.EPOCH,
              1,
              51,
              new Progress(
                  0, 50, 50, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false),
              51,
              Map.of("gen", List.of(0.1), "dis", List.of(0.2)),
              Map.of("gen", List.of(0.9), "dis", List.of(0.0)),
              Map.of("memory", 512L),
              Map.of("loss", Double.NaN),
              OptionalDouble.empty()));
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"mode\":\"train\",\"epoch\":1,\"iter\":50,\"lr\":1.0E-6,\"time\":0.01234,"
                + "\"loss\":1.5,\"accuracy_top-1\":93.456}");
    assertThat(lines.get(1)).contains("\"gen\":0.1").contains("\"memory\":512,\"loss\":\"NaN\"");
  }

  @Test
  @DisplayName("L06 the text file holds what the console shows, and details besides")
  void textFile() {
    Path file = folder.resolve("run.log");
    Clock clock = Clock.fixed(Instant.parse("2026-11-23T04:05:06Z"), ZoneOffset.UTC);
    try (TextSink sink = TextSink.open(Optional.of(file), clock)) {
      sink.note("a note");
      sink.detail("a detail");
      sink.write(record(Mode.VAL, Every.Unit.EPOCH, 0.05, OptionalDouble.empty()));
    }
    assertThat(file)
        .content()
        .startsWith(
            """
            2026-11-23 04:05:06 a note
            2026-11-23 04:05:06 a detail
            2026-11-23 04:05:06 Epoch(val) [1][50]""");
  }
}
