package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.spi.ParamGroup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a preview says is what training does. */
class SchedulePreviewTest {
  @TempDir private Path folder;

  /** What the optimizer's groups hold in each training iteration. */
  private static final class GroupRecorder implements Hook {
    private final List<List<Double>> seen = new ArrayList<>();

    @Override
    public void beforeTrainIter(HookContext context) {
      List<Double> values = new ArrayList<>();
      for (ParamGroup group : context.optimizers().values().iterator().next().paramGroups()) {
        values.add(group.lr());
        values.add(group.momentum().orElseThrow());
      }
      seen.add(values);
    }

    @Override
    public Priority priority() {
      return Priority.LOWEST;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer={type: SGD, lr: 0.05, momentum: 0.9, paramwise_cfg: {bias_lr_mult: 2}}",
        "optimizer={_delete_: true, type: AdamW, lr: 0.001, weight_decay: 0.01, paramwise_cfg: {bias_decay_mult: 0}}",
        "runner={_delete_: true, type: IterBasedRunner, max_iters: 30}",
      })
  @DisplayName("X08 S03 the numbers are those of the optimizer's groups in training")
  void training(String override) {
    GroupRecorder recorder = new GroupRecorder();
    Components components = Components.shipped();
    components.hooks().register("GroupRecorder", config -> parts -> recorder);
    Experiment experiment =
        Experiment.read(
            Config.parse(SmallConfig.EPOCHS, "small.yaml")
                .with(
                    List.of(
                        override,
                        "lr_config={policy: CosineAnnealing, min_lr_ratio: 0.1, by_epoch: false,"
                            + " warmup: linear, warmup_iters: 1, warmup_by_epoch: true}",
                        "momentum_config={policy: cyclic, cyclic_times: 2}",
                        "custom_hooks=[{type: GroupRecorder}]")),
            components);
    List<List<Double>> previewed = new ArrayList<>();
    experiment.previewSchedule(OptionalInt.empty(), row -> previewed.add(values(row)));
    experiment.run(folder, "small.yaml");
    assertThat(previewed).hasSizeGreaterThanOrEqualTo(12).isEqualTo(recorder.seen);
  }

  private static List<Double> values(ScheduleRow row) {
    List<Double> values = new ArrayList<>();
    List<Double> momenta = row.momentum().getOrDefault("default", List.of());
    for (int i = 0; i < momenta.size(); i++) {
      values.add(row.lr().getOrDefault("default", List.of()).get(i));
      values.add(momenta.get(i));
    }
    return values;
  }

  @Test
  @DisplayName("S08 a config's plateau lowers the rates of training")
  void plateau() throws IOException {
    Experiment.read(
            Config.parse(SmallConfig.EPOCHS, "small.yaml")
                .with(
                    List.of(
                        "runner.max_epochs=3",
                        "lr_config={policy: ReduceLROnPlateau, monitor: loss, mode: max,"
                            + " patience: 0, threshold: 100, factor: 0.5}")))
        .run(folder, "small.yaml");
    List<Double> rates = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      Path log = files.filter(f -> f.toString().endsWith(".log.json")).findFirst().orElseThrow();
      for (String line : Files.readAllLines(log)) {
        JsonNode record = JsonMapper.builder().build().readTree(line);
        if (SmallConfig.isTraining(record) && record.get("iter").asInt() == 1) {
          rates.add(record.get("lr").asDouble());
        }
      }
    }
    assertThat(rates).containsExactly(0.05, 0.05, 0.025);
  }

  @Test
  @DisplayName("X08 an optimizer that can't tell its groups is named")
  void noOutline() {
    Components components = Components.shipped();
    components
        .optimizers()
        .register(
            "Own",
            config ->
                model -> {
                  throw new IllegalStateException("never built");
                });
    Experiment experiment =
        Experiment.read(
            Config.parse(SmallConfig.EPOCHS, "small.yaml")
                .with(List.of("optimizer={_delete_: true, type: Own}")),
            components);
    assertThatThrownBy(() -> experiment.previewSchedule(OptionalInt.empty(), row -> {}))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("optimizer: it doesn't tell its groups beforehand");
  }
}
