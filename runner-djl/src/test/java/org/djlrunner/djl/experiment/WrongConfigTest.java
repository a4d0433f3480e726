package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.data.DataException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a config is said with its key, and before anything is trained. */
@DisplayName("C01 C02 wrong config")
class WrongConfigTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optimizer.momentun=0.9                  | optimizer.momentun | momentum
          log_confg={}                            | log_confg          | log_config
          model.type=LeNet                        | model.type         | LeNet5
          optimizer.type=Lion                     | optimizer.type     | unknown optimizer 'Lion'
          optimizer.lr=fast                       | optimizer.lr       | number
          optimizer.lr=-1                         | optimizer          | lr must be 0 or more
          runner.max_epochs=0                     | runner.max_epochs  | at least 1
          data.samples_per_gpu=0                  | data.samples_per_gpu | at least 1
          data.train.size=0                       | data.train.size    | must be 1 to
          lr_config.policy=stepp                  | lr_config.policy   | unknown policy 'stepp'
          lr_config={policy: step}                | lr_config.step     | missing
          momentum_config={policy: fixed}         | momentum_config.policy | unknown policy 'fixed'
          momentum_config={policy: step, step: 1, warmup_by_epoch: true} | momentum_config.warmup_by_epoch | unknown key
          evaluation.interval=0                   | evaluation.interval | at least 1
          evaluation.metric=mAP                   | evaluation.metric  | unknown metric 'mAP'; known: accuracy, precision
          evaluation.metric=[accuracy, mAP]       | evaluation.metric  | unknown metric 'mAP'
          evaluation.metric_options.topk=[0]      | evaluation.metric_options.topk | 1 or more
          loss={type: FocalLoss}                  | loss.type          | unknown loss 'FocalLoss'
          loss={type: LabelSmoothLoss, label_smooth_val: 2} | loss     | label smoothing must be 0 to 1
          workflow=[[val, 1]]                     | workflow           | train
          workflow=[train, 1]                     | workflow           | pairs
          workflow=[[train, 3000000000]]          | workflow           | pairs
          device=tpu                              | device             | gpu:N
          data.train.pipeline=[{type: Normalize, mean: [1], std: [1]}, {type: Normalize, mean: [1], std: [1]}] | pipeline[1] | second
          optimizer_config.grad_clip.norm_type=-1 | optimizer_config.grad_clip.norm_type | above 0
          optimizer_config.grad_clip.max_norm=-1  | optimizer_config.grad_clip.max_norm | 0 or more
          """)
  void aWrongValueIsNamedWithItsKey(String override, String key, String hint) {
    assertThatThrownBy(() -> read(override))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest
  @CsvSource({"model", "data", "optimizer", "lr_config", "runner"})
  void aMissingSectionIsNamed(String section) {
    String without =
        SmallConfig.EPOCHS.replaceFirst("(?m)^" + section + ":", "custom_" + section + ":");

    assertThatThrownBy(() -> Experiment.read(Config.parse(without, "small.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(section)
        .hasMessageContaining("missing");
  }

  @Test
  void evaluationAndValFlowsNeedValidationData() {
    String without = SmallConfig.EPOCHS.replaceFirst("(?m)^  val:.*\\n", "");

    assertThatThrownBy(
            () ->
                Experiment.read(
                    Config.parse(without, "small.yaml")
                        .with(List.of("workflow=[[train, 1], [val, 1]]"))))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .allMatch(p -> p.contains("data.val is missing"))
                    .anyMatch(p -> p.contains("evaluation"))
                    .anyMatch(p -> p.contains("workflow")));
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThatThrownBy(
            () -> read("optimizer.lr=fast", "model.type=VGG", "runner.max_epochs=0", "sed=1"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(4)
                    .anyMatch(p -> p.contains("optimizer.lr"))
                    .anyMatch(p -> p.contains("model.type"))
                    .anyMatch(p -> p.contains("runner.max_epochs"))
                    .anyMatch(p -> p.contains("sed") && p.contains("seed")));
  }

  @Test
  void aPlateauNeedsEvaluationsToWatch() {
    assertThatThrownBy(() -> read("lr_config.policy=ReduceLROnPlateau", "evaluation=null"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("lr_config: watches 'loss' of evaluations, but there are none")
        .hasMessageContaining("train/loss");
    read("lr_config={policy: ReduceLROnPlateau, monitor: train/loss}", "evaluation=null");
    read(
        "lr_config.policy=ReduceLROnPlateau", "evaluation=null", "workflow=[[train, 1], [val, 1]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lr_config={policy: cyclic, cyclic_times: 13}   | lr_config: cyclic_times is 13, but the run has only 12
          lr_config={policy: OneCycle, max_lr: [1, 2]}   | has 1 parameter groups
          optimizer={_delete_: true, type: Adagrad} momentum_config={policy: cyclic} | has neither momentum nor betas
          """)
  void aScheduleThatDoesNotFitTheRunIsRefusedBeforeIt(String overrides, String hint) {
    assertThatThrownBy(() -> run(overrides.split(" (?=momentum_config)", -1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(hint);
  }

  @Test
  void aBatchLargerThanTheDataIsRefusedAtItsDataSet() {
    assertThatThrownBy(() -> run("data.samples_per_gpu=101"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.train")
        .hasMessageContaining("batch size 101 is larger than the 100 samples of a pass");
  }

  @Test
  void missingDataIsNamedWithItsFolder() throws IOException {
    Path data = Files.createDirectories(folder.resolve("fashion"));
    Files.createFile(data.resolve("train-labels-idx1-ubyte"));

    assertThatThrownBy(
            () ->
                run("data.train={_delete_: true, type: FashionMNIST, data_prefix: '" + data + "'}"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(data.toString())
        .hasMessageContaining("train-images-idx3-ubyte");
  }

  @Test
  void aWorkFolderBelowAFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Experiment experiment = read();

    assertThatThrownBy(() -> experiment.run(file.resolve("run"), "small.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("work_dir")
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--work-dir");
  }

  @Test
  void anUnknownDeviceIsRefused() {
    assertThatThrownBy(() -> run("device=tpu"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("device")
        .hasMessageContaining("unknown device 'tpu'; use auto, cpu, gpu or gpu:N");
  }

  @Test
  void aGpuThatIsNotThereIsRefused() {
    assumeThat(Engine.getEngine("PyTorch").getGpuCount()).as("this machine has a GPU").isZero();

    assertThatThrownBy(() -> run("device=gpu"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("device")
        .hasMessageContaining("no GPU can be used");
  }

  private static Experiment read(String... overrides) {
    return Experiment.read(Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(overrides)));
  }

  private void run(String... overrides) {
    read(overrides).run(folder.resolve("run"), "small.yaml");
  }
}
