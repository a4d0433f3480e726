package org.djlrunner.log.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.metric.Scalar;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.LogRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an MLflow server is told, and that a bad one is nobody's trouble. */
class MlflowSinkTest {
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);

  private final FakeMlflow server = new FakeMlflow();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MlflowOptions options(Duration close) {
    return new MlflowOptions(
        server.uri(),
        Optional.of("glyphs & more"),
        Map.of("team", "vision"),
        Map.of("lr", "0.1"),
        new MlflowOptions.Patience(Duration.ofSeconds(30), Duration.ZERO, close));
  }

  private MlflowSink open(Duration close) {
    return MlflowSink.open(options(close), "20261125_120000", CLOCK);
  }

  private MlflowSink open() {
    return open(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("L14 experiment, run, tags, params, metrics at their steps, and the end")
  void run() {
    try (MlflowSink sink = open()) {
      sink.write(LogRecords.train(50, Map.of("loss", 0.1 + 0.2, "a(b)", 1.0)));
      sink.write(LogRecords.val(50, Map.of("accuracy_top-1", Double.NaN)));
    }
    assertThat(server.calls())
        .startsWith(
            "GET experiments/get-by-name?experiment_name=glyphs+%26+more",
            "POST experiments/create")
        .endsWith("POST runs/update");
    JsonNode created = server.body("runs/create");
    assertThat(created.path("experiment_id").asText()).isEqualTo("7");
    assertThat(created.path("run_name").asText()).isEqualTo("20261125_120000");
    assertThat(created.path("start_time").asLong()).isEqualTo(1_000_000);
    assertThat(created.path("tags").findValuesAsText("value")).contains("vision");
    assertThat(server.params()).containsExactly("lr=0.1");
    assertThat(server.metrics())
        .containsExactlyInAnyOrder(
            "train/loss=0.30000000000000004 at 50",
            "train/a_b_=1.0 at 50",
            "learning_rate=0.1 at 50",
            "momentum=0.9 at 50",
            "val/accuracy_top-1=\"NaN\" at 50",
            "learning_rate=0.1 at 50",
            "momentum=0.9 at 50");
    assertThat(server.body("runs/update").path("status").asText()).isEqualTo("FINISHED");
    assertThat(server.body("runs/update").path("run_id").asText()).isEqualTo("r1");
  }

  @Test
  @DisplayName("L14 an experiment that is there is used")
  void knownExperiment() {
    server.knowing("glyphs & more", "3");
    open().close();
    assertThat(server.calls()).doesNotContain("POST experiments/create");
    assertThat(server.body("runs/create").path("experiment_id").asText()).isEqualTo("3");
  }

  @Test
  @DisplayName("L14 a run that ends with an exception is marked FAILED")
  void failedRun() {
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    runner.registerHook(new LoggerHook(1, Every.Unit.EPOCH, true, context -> open()));
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_EPOCH,
            context -> {
              throw new IllegalStateException("boom");
            }));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(2)), Workflow.training()))
        .hasMessage("boom");
    assertThat(server.metrics()).contains("train/loss=1.0 at 1", "train/loss=1.0 at 2");
    assertThat(server.body("runs/update").path("status").asText()).isEqualTo("FAILED");
  }

  @Test
  @DisplayName("L15 a server that fails for a while misses nothing")
  void passingFailure() {
    server.failing("runs/create", 2);
    server.failing("runs/log-batch", 2);
    try (MlflowSink sink = open()) {
      for (int i = 1; i <= 2500; i++) {
        sink.write(LogRecords.train(i, Map.of("loss", 1.0)));
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    server
        .metrics()
        .forEach(metric -> counts.merge(metric.replaceFirst("=.*", ""), 1, Integer::sum));
    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("train/loss", 2500, "learning_rate", 2500, "momentum", 2500));
    assertThat(server.largestBatch()).isLessThanOrEqualTo(1000);
    assertThat(server.body("runs/update").path("status").asText()).isEqualTo("FINISHED");
  }

  @Test
  @DisplayName("L15 a server that always fails, refuses or isn't there costs its values only")
  void down() {
    server.failing("runs/create", Integer.MAX_VALUE);
    MlflowSink failing = open();
    FakeMlflow gone = new FakeMlflow();
    MlflowSink refused =
        MlflowSink.open(MlflowOptions.of(server.uri().resolve("/elsewhere")), "run", CLOCK);
    for (MlflowSink sink : List.of(failing, refused)) {
      sink.write(LogRecords.train(1, Map.of("loss", 1.0)));
      sink.close();
      assertThat(sink.lost()).isEqualTo(3);
    }
    assertThat(gone.calls()).isEmpty();
  }

  @Test
  @DisplayName("L15 a server that hangs slows no iteration, and the run's end by a bounded time")
  void hanging() {
    server.hanging();
    List<Integer> iterations = new ArrayList<>();
    List<MlflowSink> sinks = new ArrayList<>();
    var runner =
        EpochBasedRunner.builder(
                new FakeStep().logging((mode, batch) -> Map.of("loss", Scalar.of(1))), 1)
            .build();
    runner.registerHook(
        new LoggerHook(
            1,
            Every.Unit.EPOCH,
            true,
            context -> {
              sinks.add(open(Duration.ofMillis(50)));
              return sinks.get(0);
            }));
    runner.registerHook(
        Hook.at(Stage.AFTER_TRAIN_ITER, context -> iterations.add(context.progress().iter())));
    runner.run(List.of(FakeLoader.of(5)), Workflow.training());
    assertThat(iterations).hasSize(5);
    assertThat(sinks.get(0).lost()).isPositive();
    assertThat(server.answered()).isZero();
  }

  @Test
  @DisplayName("L14 a server is named by http or https")
  void uri() {
    assertThatThrownBy(() -> MlflowOptions.of(URI.create("file:mlruns")))
        .hasMessageContaining("file:mlruns")
        .hasMessageContaining("http://");
  }
}
