package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.checkpoint.CheckpointException;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that begin with the weights of another network, by their configs. */
class LoadFromTest {
  @TempDir private Path folder;

  private Path run(String name, String network, String... more) {
    List<String> changes =
        new ArrayList<>(List.of("model={_delete_: true, type: " + network + "}"));
    changes.addAll(List.of(more));
    Components components = Components.shipped();
    components.models().register("OneLayer", config -> images -> network(10));
    components
        .models()
        .register("TwoLayers", config -> images -> network(16).add(Activation::relu).add(head()));
    Config config = Config.parse(SmallConfig.EPOCHS, "small.yaml").with(changes);
    Experiment.read(config, components).run(folder.resolve(name), "small.yaml");
    return folder.resolve(name);
  }

  /** A flat image, a layer, and one of so many units. */
  private static SequentialBlock network(int units) {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(12).build())
        .add(Linear.builder().setUnits(units).build());
  }

  private static Linear head() {
    return Linear.builder().setUnits(10).build();
  }

  @Test
  @DisplayName(
      "K25 a network with a new head begins with the weights that fit, and the log says so")
  void newHead() throws IOException {
    Path file = run("first", "OneLayer").resolve("epoch_1.safetensors");
    assertThatThrownBy(() -> run("strict", "TwoLayers", "load_from=" + file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("load_from: ")
        .hasMessageContaining("missing: 4.weight (10, 16) float32")
        .hasMessageEndingWith("load_config: {strict: false} takes what fits");

    Path lenient = run("lenient", "TwoLayers", "load_from=" + file, "load_config={strict: false}");

    assertThat(log(lenient))
        .contains("Weights are from " + file)
        .contains("not loaded: 2.weight is (10, 12) float32, the model has (16, 12) float32")
        .contains("not loaded: missing: 4.bias (10) float32");
  }

  @Test
  @DisplayName("K26 C02 a load_config that is wrong is refused with its place")
  void wrong() {
    assertThatThrownBy(
            () ->
                run(
                    "wrong",
                    "OneLayer",
                    "load_config={strikt: false, strict: maybe, revise_keys: [[a]]}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("load_config.strikt: unknown key 'strikt', did you mean 'strict'")
        .hasMessageContaining("load_config.strict: ")
        .hasMessageContaining("load_config.revise_keys: expected pairs");
    assertThatThrownBy(() -> run("wrong", "OneLayer", "load_config={revise_keys: [['(', '']]}"))
        .hasMessageContaining("load_config.revise_keys: Unclosed group");
  }

  private static String log(Path workDir) throws IOException {
    try (Stream<Path> files = Files.list(workDir)) {
      Path log = files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
      return Files.readString(log);
    }
  }
}
