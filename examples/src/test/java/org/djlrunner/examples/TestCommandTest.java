package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.djl.experiment.Experiment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code runner test} as a user sees it. */
@DisplayName("V14 runner test")
class TestCommandTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 32
        train: {type: Glyphs, size: 320, seed: 1}
        val: {type: Glyphs, size: 40, seed: 2}
      optimizer: {type: SGD, lr: 0.05, momentum: 0.9}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 1}
      evaluation: {metric: [accuracy, f1_score, confusion_matrix]}
      checkpoint_config: {interval: 1}
      device: cpu
      """;

  @TempDir private Path folder;
  private Path config = Path.of("");
  private Path work = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    config = Files.writeString(folder.resolve("small.yaml"), CONFIG);
    work = folder.resolve("work");
  }

  private int test(Object... args) {
    List<String> all = new ArrayList<>(List.of("test", config.toString()));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    CommandLine commandLine =
        RunnerCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return RunnerCli.execute(commandLine, all.toArray(String[]::new));
  }

  private RunResult train() {
    return Experiment.read(Config.load(config)).run(work, "small.yaml");
  }

  @Test
  @DisplayName("V14 the numbers are those that training reported, as text, table and JSON")
  void sameNumbers() throws IOException {
    RunResult trained = train();
    Path json = folder.resolve("metrics.json");

    assertThat(test(work.resolve("epoch_1.safetensors"), "--out", json))
        .as(err.toString())
        .isZero();

    assertThat(out.toString())
        .contains("epoch_1.safetensors on 40 images (data.val)")
        .containsPattern("macro +\\d")
        .containsPattern("label .* none")
        .containsPattern("f1_score: \\d+\\.\\d{4}");
    JsonNode found = JsonMapper.builder().build().readTree(json.toFile());
    trained
        .metrics()
        .forEach(
            (name, value) ->
                assertThat(found.path("results").path(name).asDouble())
                    .as(name)
                    .isCloseTo(value, within(1e-9)));
    assertThat(found.path("confusion_matrix")).hasSize(10);
    assertThat(found.path("samples").asInt()).isEqualTo(40);
  }

  @Test
  @DisplayName("V14 a run's folder stands for its latest checkpoint, data.test goes first")
  void latest() {
    train();
    assertThat(test(work, "--cfg-options", "data.test={type: Glyphs, size: 16, seed: 4}"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("epoch_1.safetensors on 16 images (data.test)");
    assertThat(
            test(
                work, "--data=val", "--cfg-options", "data.test={type: Glyphs, size: 16, seed: 4}"))
        .isZero();
    assertThat(out.toString()).contains("on 40 images (data.val)");
  }

  @Test
  @DisplayName("V14 X02 what is missing or doesn't fit is one message, exit code 2")
  void refused() throws IOException {
    assertRefused(
        test(folder.resolve("no.safetensors")), "no.safetensors", "there is no such file");
    assertRefused(test(folder), "without the file 'latest'");
    assertRefused(test(folder, "--data=vla"), "data.vla", "did you mean 'val'");
    Path broken = Files.writeString(folder.resolve("broken.safetensors"), "text");
    assertRefused(test(broken), "broken.safetensors");
    train();
    assertRefused(
        test(work, "--cfg-options", "model.num_classes=12"), "doesn't fit the model", "fc3");
    assertRefused(
        test(work, "--out", folder.resolve("none/metrics.json")), "cannot write", "--out");
  }

  private void assertRefused(int exitCode, String... parts) {
    assertThat(exitCode).as(err.toString()).isEqualTo(2);
    assertThat(err.toString()).contains(parts).doesNotContain("\tat ");
  }
}
