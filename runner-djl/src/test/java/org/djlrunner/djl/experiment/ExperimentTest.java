package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config trains: files, schedule and repeatability of whole runs on a small data set. */
@DisplayName("X01 D07 experiment")
class ExperimentTest {
  @TempDir private Path folder;

  @Test
  void anEpochBasedRunLeavesLogsConfigAndCheckpoints() throws IOException {
    RunResult result = run(SmallConfig.EPOCHS, "run");

    assertThat(names("run"))
        .containsExactlyInAnyOrder(
            "TIME.log",
            "TIME.log.json",
            "small.yaml",
            "epoch_1.safetensors",
            "checkpoints.json",
            "latest");
    assertThat(Files.readString(folder.resolve("run/latest"))).isEqualTo("epoch_1.safetensors\n");
    assertThat(result.progress().epoch()).isEqualTo(1);
    assertThat(result.progress().iter()).isEqualTo(12);
    assertThat(result.metrics()).containsKeys("loss", "accuracy_top-1");
  }

  @Test
  @DisplayName("M04 M05 the config chooses the loss and what an evaluation reports")
  void lossAndMetricsOfTheConfig() throws IOException {
    RunResult result =
        run(
            SmallConfig.EPOCHS,
            "run",
            "loss={type: LabelSmoothLoss, label_smooth_val: 0.1}",
            "evaluation.metric=[accuracy, precision, recall, f1_score, support]",
            "evaluation.metric_options.topk=[1, 5]");

    assertThat(result.metrics())
        .containsOnlyKeys(
            "loss",
            "accuracy_top-1",
            "accuracy_top-5",
            "precision",
            "recall",
            "f1_score",
            "support")
        .containsEntry("support", 40.0);
  }

  @Test
  @DisplayName("T12 the config names a network that was exported from Python")
  void exportedNetwork() throws IOException {
    Path file = folder.resolve("digits.pt");
    try (InputStream in = ExperimentTest.class.getResourceAsStream("/script/digits.pt")) {
      Files.copy(in, file);
    }
    run(SmallConfig.EPOCHS, "run", "model={_delete_: true, type: TorchScript, file: " + file + "}");
    assertThat(SafetensorsReader.open(folder.resolve("run/epoch_1.safetensors")).tensors().keySet())
        .contains("conv.weight", "norm.running_var", "norm.num_batches_tracked", "fc.bias");

    Files.delete(file);
    assertThatThrownBy(
            () ->
                run(
                    SmallConfig.EPOCHS,
                    "other",
                    "model={_delete_: true, type: TorchScript, file: " + file + "}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model")
        .hasMessageContaining("digits.pt does not exist");
  }

  @Test
  void anIterationBasedRunDoesToo() throws IOException {
    RunResult result =
        run(
            SmallConfig.EPOCHS,
            "run",
            "runner={_delete_: true, type: IterBasedRunner, max_iters: 7}",
            "checkpoint_config.interval=5",
            "evaluation.interval=4");

    assertThat(names("run"))
        .containsExactlyInAnyOrder(
            "TIME.log",
            "TIME.log.json",
            "small.yaml",
            "iter_5.safetensors",
            "iter_7.safetensors",
            "checkpoints.json",
            "latest");
    assertThat(Files.readString(folder.resolve("run/latest"))).isEqualTo("iter_7.safetensors\n");
    assertThat(result.progress().iter()).isEqualTo(7);
  }

  @Test
  void theConfigInTheFolderIsTheOneThatTookEffect() throws IOException {
    run(SmallConfig.EPOCHS, "run", "optimizer.lr=0.03");

    Config kept = Config.load(folder.resolve("run/small.yaml"));
    assertThat(kept.toMap())
        .isEqualTo(
            Config.parse(SmallConfig.EPOCHS, "small.yaml")
                .with(List.of("optimizer.lr=0.03"))
                .toMap());
  }

  @Test
  void theLoggedLearningRateFollowsStepsAndLinearWarmUp() throws IOException {
    run(
        SmallConfig.EPOCHS,
        "run",
        "runner.max_epochs=3",
        "lr_config={policy: step, step: [1, 2], gamma: 0.5, warmup: linear, warmup_iters: 15,"
            + " warmup_ratio: 0.2}");

    List<JsonNode> train = lines("run").stream().filter(SmallConfig::isTraining).toList();
    assertThat(train).hasSize(36);
    for (int i = 0; i < 36; i++) {
      double factor = i < 15 ? 1 - (1 - i / 15.0) * (1 - 0.2) : 1;
      int epoch = i / 12;
      double scheduled = 0.05 * Math.pow(0.5, epoch);
      assertThat(train.get(i).path("lr").asDouble())
          .as("iteration %d", i)
          .isCloseTo(scheduled * factor, within(1e-12));
    }
  }

  @Test
  void equalSeedsGiveEqualLogsApartFromTimes() throws IOException {
    run(SmallConfig.EPOCHS, "one");
    run(SmallConfig.EPOCHS, "two", "data.workers_per_gpu=0");
    run(SmallConfig.EPOCHS, "three", "seed=1");

    assertThat(withoutTimes("two")).isEqualTo(withoutTimes("one")).hasSize(13);
    assertThat(withoutTimes("three")).isNotEqualTo(withoutTimes("one"));
  }

  @Test
  void aValFlowIsLoggedAsValidation() throws IOException {
    run(SmallConfig.EPOCHS, "run", "workflow=[[train, 1], [val, 1]]");

    List<JsonNode> val = lines("run").stream().filter(l -> !SmallConfig.isTraining(l)).toList();
    // The evaluation hook's line and the val flow's: the same weights on the same data.
    assertThat(val).hasSize(2);
    assertThat(val.get(1).path("accuracy_top-1")).isEqualTo(val.get(0).path("accuracy_top-1"));
    assertThat(val.get(1).path("loss").asDouble())
        .isCloseTo(val.get(0).path("loss").asDouble(), within(1e-6));
  }

  @Test
  @DisplayName("F17 evaluation may have another size of images, if the network takes any")
  void anotherSize() {
    String crop = "data.val.pipeline=[{type: CenterCrop, crop_size: 20}]";
    RunResult result =
        run(
            SmallConfig.EPOCHS,
            "sizes",
            "model={type: ResNet_CIFAR, depth: 18, num_classes: 10}",
            "data.train.size=16",
            "data.val.size=8",
            "data.train.pipeline=[{type: RandomCrop, size: 12}]",
            crop);
    assertThat(result.metrics()).containsKeys("loss", "accuracy_top-1");
    assertThatThrownBy(() -> run(SmallConfig.EPOCHS, "refused", crop))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "data.val: its images are 20x20x1, those of data.train are 28x28x1; this network takes"
                + " one size");
  }

  private RunResult run(String yaml, String name, String... overrides) {
    Config config = Config.parse(yaml, "small.yaml").with(List.of(overrides));
    return Experiment.read(config).run(folder.resolve(name), "small.yaml");
  }

  /** The files of a run, with TIME for its time of day. */
  private List<String> names(String run) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("^\\d{8}_\\d{6}", "TIME"))
          .toList();
    }
  }

  private List<JsonNode> lines(String run) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      Path log = files.filter(f -> f.toString().endsWith(".log.json")).findFirst().orElseThrow();
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(log)) {
        lines.add(JsonMapper.builder().build().readTree(line));
      }
      lines.removeIf(line -> !line.has("mode"));
      return lines;
    }
  }

  private List<JsonNode> withoutTimes(String run) throws IOException {
    List<JsonNode> lines = lines(run);
    lines.forEach(
        line -> ((ObjectNode) line).remove(List.of("time", "data_time", "samples_per_s", "heap")));
    return lines;
  }
}
