package org.djlrunner.log.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.Mode;
import org.djlrunner.log.tensorboard.EventReader.Event;
import org.djlrunner.testkit.LogRecords;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TensorBoard finds in our event files, by the published format. */
class TensorBoardSinkTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T04:05:06.250Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  @DisplayName("L12 the test's own checksum is CRC-32C: its published check value")
  void checksum() {
    assertThat(EventReader.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xe3069283);
  }

  @Test
  @DisplayName("L12 an event file holds the version, then a scalar a tag at the training iteration")
  void events() throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("time", 0.5);
    values.put("data_time", 0.1);
    values.put("samples_per_s", 640.0);
    values.put("loss", 1.25);
    values.put("größe", Double.NaN);
    try (TensorBoardSink sink = TensorBoardSink.open(folder, CLOCK)) {
      sink.write(LogRecords.train(300, values));
      sink.write(LogRecords.val(100_000, Map.of("accuracy_top-1", 99.5)));
    }
    List<Event> events = EventReader.read(files().get(0));
    assertThat(events).hasSize(3).allMatch(event -> event.wallTime() == 1795406706.25);
    assertThat(events.get(0).fileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(1).step()).isEqualTo(300);
    assertThat(events.get(1).scalars())
        .containsExactly(
            entry("train/loss", 1.25f),
            entry("train/größe", Float.NaN),
            entry("learning_rate", 0.1f),
            entry("momentum", 0.9f),
            entry("train/samples_per_s", 640f));
    assertThat(events.get(2).step()).isEqualTo(100_000);
    assertThat(events.get(2).scalars())
        .containsExactly(
            entry("val/accuracy_top-1", 99.5f),
            entry("learning_rate", 0.1f),
            entry("momentum", 0.9f));
  }

  @Test
  @DisplayName("L12 rates of several optimizers have tags of their own")
  void optimizers() throws IOException {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    rates.put("gen", List.of(1.0));
    rates.put("dis", List.of(2.0));
    try (TensorBoardSink sink = TensorBoardSink.open(folder, CLOCK)) {
      sink.write(LogRecords.of(Mode.TRAIN, 1, rates, Map.of()));
    }
    assertThat(EventReader.read(files().get(0)).get(1).scalars())
        .containsExactly(
            entry("learning_rate/gen", 1f),
            entry("learning_rate/dis", 2f),
            entry("momentum/gen", 9f),
            entry("momentum/dis", 18f));
  }

  @Test
  @DisplayName("L12 an event is in the file as soon as it is written")
  void flushed() throws IOException {
    try (TensorBoardSink sink = TensorBoardSink.open(folder, CLOCK)) {
      sink.write(LogRecords.train(1, Map.of("loss", 1.0)));
      assertThat(EventReader.read(files().get(0))).hasSize(2);
    }
  }

  @Test
  @DisplayName("L12 L10 each run has a file of its own that TensorBoard knows by its name")
  void ownFiles() throws IOException {
    TensorBoardSink.open(folder, CLOCK).close();
    TensorBoardSink.open(folder, CLOCK).close();
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "events.out.tfevents.1795406706.djl-runner",
            "events.out.tfevents.1795406706_2.djl-runner");
  }

  @Test
  @DisplayName("L12 a folder that can't be made is named")
  void noFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> TensorBoardSink.open(file, CLOCK))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
  }
}
