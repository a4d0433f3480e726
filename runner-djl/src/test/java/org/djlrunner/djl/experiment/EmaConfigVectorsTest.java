package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Averages of weights, asked for by a config. */
@ExtendWith(VectorTally.class)
class EmaConfigVectorsTest {
  @TempDir private Path folder;

  static Stream<Case> badOptions() {
    return Vectors.cases("ema/bad_options.json");
  }

  private static Experiment read(String hook) {
    return Experiment.read(
        Config.parse(SmallConfig.EPOCHS, "small.yaml")
            .with(List.of("custom_hooks=[" + hook + "]")));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("badOptions")
  @DisplayName("A08 recorded bad options are refused with their place in the config")
  void refused(Case recorded) {
    StringBuilder hook = new StringBuilder("{type: EMAHook");
    recorded
        .at("ema")
        .properties()
        .forEach(o -> hook.append(", ").append(o.getKey()).append(": ").append(o.getValue()));
    recorded.equal(
        () ->
            assertThatThrownBy(() -> read(hook + "}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("custom_hooks[0]"));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: EMAHook, warm_up: -1}               | custom_hooks[0].warm_up    | 0 or more
          {type: LinearMomentumEMAHook, momentum: 1} | custom_hooks[0].momentum   | between 0 and 1
          {type: ExpMomentumEMAHook, total_iter: 0}  | custom_hooks[0].total_iter | at least 1
          {type: MomentumAnnealingEMAHook, gamma: 0} | custom_hooks[0].gamma      | at least 1
          {type: ExpMomentumEMAHook, warm_up: 3}     | custom_hooks[0].warm_up    | unknown key
          """)
  @DisplayName("A08 C01 each option is refused by its path")
  void paths(String hook, String path, String hint) {
    assertThatThrownBy(() -> read(hook))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(path)
        .hasMessageContaining(hint);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @ValueSource(
      strings = {
        "{type: EMAHook, momentum: 0.0002, interval: 1, warm_up: 100}",
        "{type: LinearMomentumEMAHook, momentum: 0.1}",
        "{type: ExpMomentumEMAHook, momentum: 0.1, total_iter: 5}",
        "{type: MomentumAnnealingEMAHook, momentum: 0.1, gamma: 5, interval: 2}"
      })
  @DisplayName("A05 X01 a run with an average leaves checkpoints with both sets")
  void run(String hook) throws IOException {
    read(hook).run(folder, "small.yaml");
    var tensors = SafetensorsReader.open(folder.resolve("epoch_1.safetensors")).tensors();
    var plain = tensors.get("conv1.weight");
    var raw = tensors.get("raw.conv1.weight");
    assertThat(plain).isNotNull();
    assertThat(raw).isNotNull().isNotEqualTo(plain);
  }

  @Test
  @DisplayName("A08 two averages are refused before training")
  void two() {
    Experiment experiment = read("{type: EMAHook}, {type: ExpMomentumEMAHook}");
    assertThatThrownBy(() -> experiment.run(folder, "small.yaml"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leave one EMA hook out");
  }
}
