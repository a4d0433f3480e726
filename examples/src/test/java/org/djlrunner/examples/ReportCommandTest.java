package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.djlrunner.config.Config;
import org.djlrunner.djl.experiment.Experiment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code runner report} as a user sees it, of runs that were really trained. */
class ReportCommandTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 32
        train: {type: Glyphs, size: 320, seed: 1}
        val: {type: Glyphs, size: 40, seed: 2}
      optimizer: {type: SGD, lr: 0.05, momentum: 0.9}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 2}
      evaluation: {metric: [accuracy, f1_score, confusion_matrix], save_best: accuracy_top-1}
      checkpoint_config: {interval: 1}
      log_config:
        interval: 2
        hooks: [{type: JsonLoggerHook}, {type: CsvLoggerHook}]
      device: cpu
      """;

  @TempDir private Path folder;
  private Path work = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void name() {
    work = folder.resolve("work");
  }

  private int report(Object... args) {
    List<String> all = new ArrayList<>(List.of("report"));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    CommandLine commandLine =
        RunnerCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return RunnerCli.execute(commandLine, all.toArray(String[]::new));
  }

  private void train(String... replaced) {
    Experiment.read(Config.parse(CONFIG, "small.yaml").with(List.of(replaced)))
        .run(work, "small.yaml");
  }

  @Test
  @DisplayName(
      "J01 J04 J05 J06 a trained run becomes report.html in its folder, with nothing missing")
  void trained() throws IOException {
    train();

    assertThat(report(work)).as(err.toString()).isZero();

    assertThat(out.toString())
        .isEqualTo("Written to " + work.resolve("report.html") + System.lineSeparator());
    assertThat(work.resolve("report.html"))
        .content()
        .contains("20 iterations, 2 epochs, from ")
        .contains(">accuracy_top-1</figcaption>", ">momentum</figcaption>", "Confusion matrix")
        .contains("best_accuracy_top-1_epoch_", "environment.pytorch", "policy: fixed")
        .doesNotContain("class=\"notes\"");
    assertThat(work).isDirectoryNotContaining("glob:**/.report*");
  }

  @Test
  @DisplayName("J06 without the log's first line the latest checkpoint tells the environment")
  void environmentOfCheckpoint() throws IOException {
    train();
    try (var logs = Files.newDirectoryStream(work, "*.log.json")) {
      for (Path log : logs) {
        List<String> lines = Files.readAllLines(log);
        Files.write(log, lines.subList(1, lines.size()));
      }
    }

    assertThat(report(work)).as(err.toString()).isZero();

    assertThat(work.resolve("report.html"))
        .content()
        .contains(">environment.pytorch</th>", ">speed.precision</th>", ">seed</th>")
        .doesNotContain("class=\"notes\"");
  }

  @Test
  @DisplayName("J03 a run that was gone on with is one run in its report")
  void resumed() throws IOException {
    train("runner.max_epochs=1");
    train("auto_resume=true");

    assertThat(report(work, "--out", folder.resolve("new/page.html"))).as(err.toString()).isZero();

    assertThat(folder.resolve("new/page.html"))
        .content()
        .contains("20 iterations, 2 epochs, from ")
        .doesNotContain("dropped");
  }

  @Test
  @DisplayName("J10 --png writes each chart as an image beside the page, of several runs too")
  void images() throws IOException {
    train();
    Path images = folder.resolve("images");

    assertThat(report(work, work, "--out", folder.resolve("page.html"), "--png", images))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).contains("Written to " + images + ": 8 PNG files");
    BufferedImage loss = ImageIO.read(images.resolve("loss.png").toFile());
    assertThat(loss.getWidth()).isEqualTo(1_000);
    assertThat(loss.getHeight()).isEqualTo(500);
    assertThat(images).isDirectoryContaining("glob:**/learning_rate.png");
    try (var files = Files.list(images)) {
      assertThat(files).hasSize(8).allMatch(file -> file.toString().endsWith(".png"));
    }
  }

  @Test
  @DisplayName("J09 X02 what can't be read or written is one message, exit code 2")
  void refused() throws IOException {
    assertRefused(report(work), work + ": there is no such folder");
    Files.createDirectories(work);
    assertRefused(report(work), work + ": nothing to report", "*.log.json");
    assertRefused(report(), "WORK_DIR");
    Files.createDirectories(work.resolve("evaluation"));
    Files.writeString(work.resolve("evaluation/e.json"), "{\"epoch\": 1, \"step\": 1}");
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken.resolve("inside"));
    assertRefused(report(work, "--out", taken), "cannot write " + taken, "--out");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(report(work, "--png", file), "cannot write to " + file, "--png");
  }

  private void assertRefused(int exitCode, String... parts) {
    assertThat(exitCode).as(err.toString()).isEqualTo(2);
    assertThat(err.toString()).contains(parts).doesNotContain("\tat ");
  }
}
