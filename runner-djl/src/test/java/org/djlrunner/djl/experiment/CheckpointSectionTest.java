package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code checkpoint_config} and the files of real trainings. */
class CheckpointSectionTest {
  private static final String CONFIG =
      """
      model: {type: LeNet5, num_classes: 10}
      data:
        samples_per_gpu: 8
        train: {type: Glyphs, size: 24, seed: 1}
      optimizer: {type: SGD, lr: 0.05, momentum: 0.9}
      lr_config: {policy: fixed}
      runner: {type: EpochBasedRunner, max_epochs: 4}
      checkpoint_config: {interval: 1}
      log_config: {interval: 3, hooks: [{type: JsonLoggerHook}]}
      device: cpu
      """;

  @TempDir private Path folder;

  private Path run(String name, String... changes) {
    Path workDir = folder.resolve(name);
    Config config = Config.parse(CONFIG, "a.yaml").with(List.of(changes));
    Experiment.read(config, Components.shipped()).run(workDir, "a.yaml");
    return workDir;
  }

  private static List<String> checkpoints(Path workDir) throws IOException {
    try (Stream<Path> files = Files.list(workDir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".safetensors"))
          .sorted()
          .toList();
    }
  }

  private static Map<String, ByteBuffer> tensors(Path file) throws IOException {
    Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
    SafetensorsReader.open(file)
        .tensors()
        .forEach(
            (name, tensor) -> {
              ByteBuffer data = tensor.data();
              byte[] bytes = new byte[data.remaining()];
              data.get(bytes);
              tensors.put(name, ByteBuffer.wrap(bytes));
            });
    return tensors;
  }

  @Test
  @DisplayName("K15 files written in the background hold bit for bit what the others hold")
  void background() throws IOException {
    Path plain = run("plain", "checkpoint_config.by_epoch=false");
    Path background =
        run("background", "checkpoint_config={interval: 1, by_epoch: false, background: true}");
    assertThat(checkpoints(background)).hasSize(12).isEqualTo(checkpoints(plain));
    for (String name : checkpoints(plain)) {
      assertThat(tensors(background.resolve(name)))
          .as(name)
          .isNotEmpty()
          .isEqualTo(tensors(plain.resolve(name)));
    }
  }

  @Test
  @DisplayName("K12 K13 max_keep_ckpts counts a resumed run's files of before")
  void retention() throws IOException {
    Path workDir = run("kept", "runner.max_epochs=2", "checkpoint_config.max_keep_ckpts=2");
    assertThat(checkpoints(workDir)).containsExactly("epoch_1.safetensors", "epoch_2.safetensors");
    run(
        "kept",
        "checkpoint_config.max_keep_ckpts=2",
        "resume_from=" + workDir.resolve("epoch_2.safetensors"));
    assertThat(checkpoints(workDir)).containsExactly("epoch_3.safetensors", "epoch_4.safetensors");
  }

  @Test
  @DisplayName("K11 without save_optimizer files hold the weights alone")
  void weightsOnly() throws IOException {
    Path with = run("with", "runner.max_epochs=1");
    Path without = run("without", "runner.max_epochs=1", "checkpoint_config.save_optimizer=false");
    Map<String, ByteBuffer> weights = tensors(without.resolve("epoch_1.safetensors"));
    assertThat(weights).isNotEmpty();
    assertThat(tensors(with.resolve("epoch_1.safetensors")))
        .hasSizeGreaterThan(weights.size())
        .containsAllEntriesOf(weights);
  }

  @Test
  @DisplayName("K11 C01 C02 what is wrong is told with its place, in custom hooks too")
  void wrong() {
    assertThatThrownBy(
            () ->
                run(
                    "wrong",
                    "checkpoint_config={intervall: 1, filename_tmpl: same.pth}",
                    "custom_hooks=[{type: CheckpointHook, max_keep: 1}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("checkpoint_config.intervall")
        .hasMessageContaining("checkpoint_config.filename_tmpl")
        .hasMessageContaining("max_keep_ckpts");
    assertThat(folder.resolve("wrong")).doesNotExist();
  }
}
