package org.djlrunner.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.djl.doctor.Diagnosis;
import org.djlrunner.djl.doctor.NativeDoctor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code runner train} as a user sees it: exit code, messages, files. */
class TrainCommandTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final Path QUICKSTART = Path.of("configs/quickstart.yaml");
  private static final Path FASHION_MNIST = Path.of("configs/fashion_mnist_lenet5.yaml");

  @TempDir private Path folder;
  private Path work = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void workDirOfItsOwn() {
    work = folder.resolve("work");
  }

  private int train(Path config, String... options) {
    List<String> args = new ArrayList<>(List.of("train", config.toString()));
    args.add("--work-dir=" + work);
    args.addAll(List.of(options));
    CommandLine commandLine =
        RunnerCli.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return RunnerCli.execute(commandLine, args.toArray(String[]::new));
  }

  private int smallRun(String... options) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--device=cpu",
                "--cfg-options",
                "data.train.size=640",
                "data.val.size=100",
                "data.val_dataloader.samples_per_gpu=100",
                "runner.max_epochs=2",
                "log_config.interval=5"));
    all.addAll(List.of(options));
    return train(QUICKSTART, all.toArray(String[]::new));
  }

  private void assertRefused(int exitCode, String... parts) {
    assertThat(exitCode).as(err.toString()).isEqualTo(2);
    assertThat(err.toString()).contains(parts).doesNotContain("\tat ").doesNotContain("Exception:");
  }

  @Test
  @DisplayName("X01 a run leaves logs, its config, checkpoints and latest")
  void files() throws IOException {
    assertThat(smallRun()).as(err.toString()).isZero();
    assertThat(work.resolve("latest")).hasContent("epoch_2.safetensors");
    try (Stream<Path> files = Files.list(work)) {
      assertThat(files.map(f -> f.getFileName().toString().replaceFirst("^\\d{8}_\\d{6}", "T")))
          .containsExactlyInAnyOrder(
              "T.log",
              "T.log.json",
              "quickstart.yaml",
              "epoch_1.safetensors",
              "epoch_2.safetensors",
              "checkpoints.json",
              "latest");
    }
    assertThat(work.resolve("quickstart.yaml")).content().contains("size: 640");
    assertThat(out.toString()).contains("Done: limit reached").contains("accuracy_top-1");
  }

  @Test
  @DisplayName("X01 the JSON log holds what a plot needs")
  void jsonLog() throws IOException {
    assertThat(smallRun("lr_config.warmup=null")).as(err.toString()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(work)) {
      Path log = files.filter(f -> f.toString().endsWith(".log.json")).findFirst().orElseThrow();
      for (String line : Files.readAllLines(log)) {
        lines.add(JSON.readTree(line));
      }
    }
    assertThat(lines.remove(0).path("exp_name").asText()).isEqualTo("quickstart.yaml");
    assertThat(lines)
        .extracting(l -> l.get("mode").asText() + " " + l.get("epoch") + " " + l.get("iter"))
        .containsExactly(
            "train 1 5", "train 1 10", "val 1 1", "train 2 5", "train 2 10", "val 2 1");
    assertThat(lines.get(0).properties())
        .extracting(e -> e.getKey())
        .containsExactly(
            "mode", "epoch", "iter", "lr", "heap", "time", "data_time", "samples_per_s", "loss");
    assertThat(lines.get(2).has("accuracy_top-1")).isTrue();
    assertThat(lines).allMatch(l -> l.get("lr").asDouble() == 0.05);
  }

  @Test
  @DisplayName("X01 the user's own config in the work dir is left as it is")
  void ownConfig() throws IOException {
    Files.createDirectories(work);
    Path own = Files.copy(QUICKSTART, work.resolve("mine.yaml"));
    assertThat(
            train(
                own,
                "--cfg-options",
                "data.train.size=64",
                "data.val=null",
                "evaluation=null",
                "runner.max_epochs=1"))
        .as(err.toString())
        .isZero();
    assertThat(own).hasSameTextualContentAs(QUICKSTART);
    assertThat(work.resolve("merged.mine.yaml")).content().contains("size: 64");
  }

  @Test
  @DisplayName("X02 a missing config is named, with a near one")
  void missingConfig() {
    assertRefused(train(Path.of("configs/quikstart.yaml")), "quikstart.yaml", "'quickstart.yaml'");
  }

  @Test
  @DisplayName("X02 C01 C02 all mistakes in a config are reported at once, with near names")
  void mistakes() {
    assertRefused(
        smallRun("optimizer.momentun=0.9", "optimizer.lr=fast", "model.type=LeNet4"),
        "3 problems",
        "unknown key 'momentun', did you mean 'momentum'?",
        "expected a number, got the text 'fast'",
        "unknown model 'LeNet4', did you mean 'LeNet5'?");
    assertThat(work).doesNotExist();
  }

  @Test
  @DisplayName("X02 D10 a data folder without the files is named with them")
  void missingData() {
    Path data = folder.resolve("nowhere");
    assertRefused(
        train(FASHION_MNIST, "--cfg-options", "data.train.data_prefix=" + data),
        data + " does not exist",
        "train-images-idx3-ubyte");
  }

  @Test
  @DisplayName("X02 a work dir that can't be written is named")
  void workDir() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    work = file.resolve("below");
    assertRefused(smallRun(), "work_dir", file.toString());
  }

  @Test
  @DisplayName("X02 a batch larger than the data with drop_last is explained")
  void batchSize() {
    assertRefused(smallRun("data.samples_per_gpu=1000"), "batch size 1000", "640 samples");
  }

  @Test
  @DisplayName("X02 a network with fewer outputs than classes is refused before training")
  void classes() {
    assertRefused(smallRun("model.num_classes=5"), "5 outputs", "10 classes");
  }

  @Test
  @DisplayName("X02 options may stand before the config")
  void optionsFirst() {
    CommandLine commandLine = RunnerCli.commandLine().setErr(new PrintWriter(err, true));
    String[] args = {
      "train", "--cfg-options", "optimizer.lr=fast", "seed=x", QUICKSTART.toString()
    };
    assertRefused(RunnerCli.execute(commandLine, args), "2 problems", "optimizer.lr", "seed");
  }

  @Test
  @DisplayName("X06 asked for a GPU that can't be used, it stops and says why")
  void noGpu() {
    assumeFalse(new NativeDoctor().examine().gpuUsable());
    assertRefused(train(QUICKSTART, "--device=gpu"), "no GPU can be used: ", "To use it: ");
    assertThat(work.resolve("latest")).doesNotExist();
  }

  @Test
  @DisplayName("X06 auto says what it chose and why")
  void autoDevice() throws IOException {
    Diagnosis diagnosis = new NativeDoctor().examine();
    assumeFalse(diagnosis.gpuUsable());
    String[] small = {
      "--cfg-options",
      "device=auto",
      "data.train.size=64",
      "data.val=null",
      "evaluation=null",
      "runner.max_epochs=1"
    };
    assertThat(train(QUICKSTART, small)).as(err.toString()).isZero();
    try (Stream<Path> files = Files.list(work)) {
      assertThat(files.filter(f -> f.toString().endsWith(".log")))
          .singleElement()
          .satisfies(
              log ->
                  assertThat(log).content().contains("on cpu (auto: " + diagnosis.noGpu() + "; "));
    }
  }

  @Test
  @DisplayName("X02 an unknown device is refused with the known forms")
  void device() {
    assertRefused(train(QUICKSTART, "--device=tpu"), "unknown device 'tpu'", "gpu:N");
  }
}
