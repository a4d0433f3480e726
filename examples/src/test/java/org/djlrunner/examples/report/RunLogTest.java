package org.djlrunner.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlrunner.examples.report.HandWrittenRun.train;
import static org.djlrunner.examples.report.HandWrittenRun.val;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.djlrunner.checkpoint.KeptFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of a work folder as one run, each record at its training iteration. */
class RunLogTest {
  @TempDir private Path temporary;
  private HandWrittenRun run = new HandWrittenRun(Path.of(""));

  @BeforeEach
  void folder() {
    run = new HandWrittenRun(temporary.resolve("run"));
  }

  private RunLog read(KeptFile... kept) throws IOException {
    List<LogFile> logs = new ArrayList<>();
    for (Path file : FolderFiles.ending(run.folder(), LogFile.ENDING)) {
      logs.add(LogFile.read(file));
    }
    return RunLog.of(logs, List.of(kept));
  }

  private static List<String> places(RunLog log) {
    return log.records().stream()
        .map(r -> r.mode() + " " + r.step() + " " + r.values().get("loss"))
        .toList();
  }

  @Test
  @DisplayName("J02 iterations within the epoch are placed by the length that evaluations tell")
  void withinEpoch() throws IOException {
    run.file(
        "1.log.json",
        train(1, 10, "\"loss\": 4"),
        train(1, 20, "\"loss\": 3"),
        val(1, 25, "\"loss\": 2.5"),
        train(2, 10, "\"loss\": 2"));

    RunLog log = read();

    assertThat(places(log))
        .containsExactly("train 10 4.0", "train 20 3.0", "val 25 2.5", "train 35 2.0");
    assertThat(log.notes()).isEmpty();
  }

  @Test
  @DisplayName(
      "J02 without evaluations checkpoints tell the length of an epoch, else it is guessed")
  void lengthOfAnEpoch() throws IOException {
    run.file("1.log.json", train(1, 10, "\"loss\": 4"), train(2, 10, "\"loss\": 2"));

    KeptFile saved =
        new KeptFile(
            run.folder(), "epoch_2.safetensors", "checkpoint", OptionalDouble.empty(), 2, 30);
    assertThat(places(read(saved))).containsExactly("train 10 4.0", "train 25 2.0");

    assertThat(places(read())).containsExactly("train 10 4.0", "train 20 2.0");
    assertThat(read().notes())
        .singleElement()
        .asString()
        .contains("1.log.json", "how long an epoch is", "10");
  }

  @Test
  @DisplayName("J02 iterations of the whole run are places already")
  void wholeRun() throws IOException {
    run.file(
        "1.log.json",
        train(1, 10, "\"loss\": 4"),
        val(2, 15, "\"loss\": 3"),
        train(2, 20, "\"loss\": 2"));
    assertThat(places(read())).containsExactly("train 10 4.0", "val 15 3.0", "train 20 2.0");
  }

  @Test
  @DisplayName("J02 a log that holds one later epoch only goes by the config's runner")
  void oneEpochOnly() throws IOException {
    run.file(
        "1.log.json",
        "{\"config\": {\"runner\": {\"type\": \"IterBasedRunner\"}}}",
        train(3, 20, "\"loss\": 2"));
    assertThat(places(read())).containsExactly("train 20 2.0");
  }

  @Test
  @DisplayName("J02 evaluations of MMCV's logs, which say no iteration, are at their epoch's end")
  void evaluationsOfMmcv() throws IOException {
    run.file(
        "1.log.json",
        train(1, 20, "\"loss\": 4"),
        "{\"mode\": \"val\", \"epoch\": 1, \"iter\": 8, \"loss\": NaN}",
        train(2, 20, "\"loss\": 3"),
        "{\"mode\": \"val\", \"epoch\": 2, \"iter\": 8, \"loss\": \"-Infinity\"}");
    assertThat(places(read()))
        .containsExactly("train 20 4.0", "val 20 NaN", "train 40 3.0", "val 40 -Infinity");
  }

  @Test
  @DisplayName(
      "J03 where a later log begins, the earlier ones end; an evaluation due there is its own")
  void resumed() throws IOException {
    run.file(
            "20260101_100000.log.json",
            train(1, 20, "\"loss\": 5"),
            val(1, 20, "\"loss\": 4"),
            train(2, 10, "\"loss\": 3"),
            train(2, 20, "\"loss\": 2"),
            val(2, 40, "\"loss\": 1"))
        .file(
            "20260101_110000.log.json", val(1, 20, "\"loss\": 4.5"), train(2, 10, "\"loss\": 3.5"));

    RunLog log = read();

    assertThat(places(log)).containsExactly("train 20 5.0", "val 20 4.5", "train 30 3.5");
    assertThat(log.notes())
        .containsExactly(
            "20260101_110000.log.json begins again at iteration 20: 4 records of earlier logs"
                + " dropped.");
  }

  @Test
  @DisplayName("J03 a log that goes on behind the earlier one drops nothing; an empty one is none")
  void goesOn() throws IOException {
    run.file("a.log.json", train(1, 10, "\"loss\": 5"), train(1, 20, "\"loss\": 4"))
        .file("b.log.json", train(1, 30, "\"loss\": 3"))
        .file("c.log.json");
    assertThat(places(read())).containsExactly("train 10 5.0", "train 20 4.0", "train 30 3.0");
    assertThat(read().notes()).isEmpty();
  }

  @Test
  @DisplayName("J09 damaged lines are skipped and counted, with the file")
  void damaged() throws IOException {
    run.file(
        "1.log.json",
        "{\"seed\": 3}",
        "no json",
        "{\"mode\": \"train\", \"epoch\": 1}",
        "[1, 2]",
        "",
        train(1, 10, "\"loss\": 5, \"note\": \"text\", \"lr\": {\"gen\": 0.1, \"disc\": 0.2}"),
        "{\"mode\": \"train\", \"epoch\": 1, \"it");

    RunLog log = read();

    assertThat(log.notes()).containsExactly("1.log.json: 4 damaged lines skipped.");
    assertThat(log.records())
        .singleElement()
        .satisfies(r -> assertThat(r.values()).containsOnlyKeys("loss", "gen/lr", "disc/lr"));
  }
}
