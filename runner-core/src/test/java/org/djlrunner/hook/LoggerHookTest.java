package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Flow;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.log.LogCopies;
import org.djlrunner.log.LogRecord;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.TextLogOptions;
import org.djlrunner.testkit.FakeDevice;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggerHookTest {
  private final FakeDevice device = new FakeDevice();
  private final FakeStep step =
      new FakeStep()
          .logging(
              (mode, batch) ->
                  Map.of("loss", device.scalar(mode.equals(Mode.VAL) ? 1000 : batch.index())));

  private void runEpochs(int epochs, int batches, Hook... hooks) {
    var runner = EpochBasedRunner.builder(step, epochs).optimizer(new FakeOptimizer(0.1)).build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    runner.run(List.of(FakeLoader.of(batches)), Workflow.training());
  }

  private static List<Double> losses(RecordingSink sink) {
    return sink.records().stream().map(r -> r.values().getOrDefault("loss", Double.NaN)).toList();
  }

  @Test
  @DisplayName("L04 loggers with different intervals each see their own windows")
  void ownWindows() {
    RecordingSink twos = new RecordingSink();
    RecordingSink threes = new RecordingSink();
    runEpochs(1, 6, twos.every(2), threes.every(3));
    assertThat(losses(twos)).containsExactly(0.5, 2.5, 4.5);
    assertThat(losses(threes)).containsExactly(1.0, 4.0);
  }

  @Test
  @DisplayName("L04 a window does not reach into the epoch before")
  void windowsStayInTheirEpoch() {
    RecordingSink sink = new RecordingSink();
    runEpochs(2, 3, sink.every(2));
    assertThat(losses(sink)).containsExactly(0.5, 0.5);
  }

  @Test
  @DisplayName("L04 the tail of an epoch is logged on request, with its own iterations only")
  void tail() {
    RecordingSink sink = new RecordingSink();
    runEpochs(1, 3, new LoggerHook(2, Every.Unit.EPOCH, false, context -> sink));
    assertThat(losses(sink)).containsExactly(0.5, 2.0);
  }

  @Test
  @DisplayName("L02 the device is read once an interval")
  void deviceReads() {
    runEpochs(1, 100, new RecordingSink().every(25));
    assertThat(device.copies()).isEqualTo(4);
  }

  @Test
  @DisplayName("L09 a val flow's losses are reported as val and never mix into training's")
  void valFlow() {
    RecordingSink sink = new RecordingSink();
    var runner = IterBasedRunner.builder(step, 4).build();
    runner.registerHook(new LoggerHook(4, Every.Unit.ITER, true, context -> sink));
    runner.run(
        List.of(FakeLoader.of(4), FakeLoader.of(1)), Workflow.of(Flow.train(2), Flow.val(1)));
    assertThat(sink.records())
        .extracting(r -> r.mode() + " " + r.values().get("loss"))
        .containsExactly("val 1000.0", "train 1.5", "val 1000.0");
  }

  @Test
  @DisplayName("L08 the estimate is elapsed time by iteration times what is left")
  void eta() {
    AtomicLong seconds = new AtomicLong();
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(step, 1).ticker(() -> seconds.get() * 1_000_000_000L).build();
    runner.registerHook(
        new Hook() {
          @Override
          public void beforeTrainIter(HookContext context) {
            seconds.addAndGet(10);
          }
        });
    runner.registerHook(sink.every(2));
    runner.run(List.of(FakeLoader.of(10)), Workflow.training());
    assertThat(sink.records())
        .extracting(r -> r.etaSeconds().orElseThrow())
        .containsExactly(80.0, 60.0, 40.0, 20.0, 0.0);
  }

  @Test
  @DisplayName("L08 a run that goes on counts its own iterations only")
  void etaOfResumedRun() {
    AtomicLong seconds = new AtomicLong();
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(step, 2)
            .startAt(1, 12)
            .ticker(() -> seconds.get() * 1_000_000_000L)
            .build();
    runner.registerHook(Hook.at(Stage.BEFORE_TRAIN_ITER, context -> seconds.addAndGet(10)));
    runner.registerHook(sink.every(2));
    runner.run(List.of(FakeLoader.of(10)), Workflow.training());
    assertThat(sink.records())
        .extracting(r -> r.progress().iter() + 1 + " " + r.etaSeconds().orElseThrow())
        .containsExactly("14 80.0", "16 60.0", "18 40.0", "20 20.0", "22 0.0");
  }

  @Test
  @DisplayName("L08 no estimate is below 0, whatever the clock does")
  void etaOfABadClock() {
    AtomicLong seconds = new AtomicLong();
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(step, 1).ticker(() -> seconds.addAndGet(-1_000_000_000L)).build();
    runner.registerHook(sink.everyIteration());
    runner.run(List.of(FakeLoader.of(3)), Workflow.training());
    assertThat(sink.records()).extracting(r -> r.etaSeconds().orElseThrow()).containsOnly(0.0);
  }

  @Test
  @DisplayName("L16 training records hold the memory in use: the device's, if the engine knows it")
  void memory() {
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(step, 1).memoryGauge(() -> OptionalLong.of(3L << 30)).build();
    runner.registerHook(sink.everyIteration());
    runner.run(
        List.of(FakeLoader.of(1), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    assertThat(sink.records().get(0).memory()).containsOnlyKeys("memory", "heap");
    assertThat(sink.records().get(0).memory()).containsEntry("memory", 3072L);
    assertThat(sink.records().get(0).memory().get("heap")).isPositive();
    assertThat(sink.records().get(1).memory()).isEmpty();
    runEpochs(1, 1, sink.everyIteration());
    assertThat(sink.records().get(2).memory()).containsOnlyKeys("heap");
  }

  @Test
  @DisplayName("L17 copies of the logs are whole: made when all logs are closed")
  void copies(@TempDir Path folder) throws IOException {
    Path work = folder.resolve("run1");
    var runner = EpochBasedRunner.builder(step, 1).workDir(work).timestamp("now").build();
    LogCopies copies = new LogCopies(folder.resolve("out"), LogCopies.SUFFIXES, true);
    runner.registerHook(
        new LoggerHook(
            1, Every.Unit.EPOCH, true, Sinks.text(new TextLogOptions(1, Optional.of(copies)))));
    runner.registerHook(LoggerHook.jsonLines(1, Every.Unit.EPOCH));
    runner.registerHook(
        Hook.at(Stage.AFTER_RUN, context -> context.logs().note("the very last")), Priority.LOWEST);
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    Path copied = folder.resolve("out/run1/now.log");
    assertThat(Files.readString(copied)).isEqualTo(Files.readString(work.resolve("now.log")));
    assertThat(copied).content().contains("the very last");
    assertThat(folder.resolve("out/run1/now.log.json")).isNotEmptyFile();
  }

  @Test
  @DisplayName("L17 copies that can't be made end no run")
  void noCopies(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    LogCopies copies = new LogCopies(file, List.of(".log"), false);
    var runner =
        EpochBasedRunner.builder(step, 1).workDir(folder.resolve("w")).timestamp("now").build();
    runner.registerHook(
        new LoggerHook(
            1, Every.Unit.EPOCH, true, Sinks.text(new TextLogOptions(1, Optional.of(copies)))));
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(folder.resolve("w/now.log")).isNotEmptyFile();
  }

  @Test
  @DisplayName("L18 every sink has the same records, whatever the order of the loggers")
  void sameRecords() {
    RecordingSink first = new RecordingSink();
    RecordingSink last = new RecordingSink();
    runEpochs(2, 6, first.every(2), new RecordingSink().every(3), last.every(2));
    RecordingSink alone = new RecordingSink();
    runEpochs(2, 6, alone.every(2));
    assertThat(losses(first)).isEqualTo(losses(alone)).isEqualTo(losses(last));
  }

  @Test
  @DisplayName("L05 a sink that fails is switched off; the run and the others go on")
  void failingSink() {
    LogSink failing =
        new LogSink() {
          @Override
          public void write(LogRecord record) {
            throw new IllegalStateException("disk full");
          }
        };
    RecordingSink sink = new RecordingSink();
    runEpochs(1, 4, new LoggerHook(1, Every.Unit.EPOCH, true, context -> failing), sink.every(1));
    assertThat(sink.records()).hasSize(4);
    assertThat(sink.closed()).isTrue();
  }

  @Test
  @DisplayName("L10 runs of the same second in one folder write files of their own")
  void filesOfTheirOwn(@TempDir Path folder) {
    for (int i = 0; i < 2; i++) {
      var runner = EpochBasedRunner.builder(step, 1).workDir(folder).timestamp("now").build();
      runner.registerHook(LoggerHook.text(1, Every.Unit.EPOCH));
      runner.registerHook(LoggerHook.jsonLines(1, Every.Unit.EPOCH));
      runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    }
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("now.log", "now.log.json", "now_2.log", "now_2.log.json");
  }

  @Test
  @DisplayName("L11 a loss that is no longer finite is pointed out once")
  void notFinite() {
    step.logging((mode, batch) -> Map.of("loss", device.scalar(Double.NaN)));
    RecordingSink sink = new RecordingSink();
    runEpochs(1, 3, sink.every(1));
    assertThat(sink.notes())
        .singleElement()
        .asString()
        .contains("the loss is NaN by iteration 1")
        .contains("lower learning rate");
  }

  @Test
  @DisplayName("H10 an interval below 1 is refused")
  void interval() {
    assertThatThrownBy(() -> LoggerHook.text(0, Every.Unit.EPOCH))
        .hasMessageContaining("at least 1");
  }
}
