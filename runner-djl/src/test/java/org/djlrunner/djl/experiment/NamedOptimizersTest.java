package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.nn.Parameter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.checkpoint.SafetensorsReader;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.spi.ParamGroup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs that name several optimizers, and schedules for each. */
class NamedOptimizersTest {
  private static final String TWO =
      "optimizer={_delete_: true,"
          + " convs: {type: SGD, lr: 0.05, momentum: 0.9, params: [conv1, conv2]},"
          + " fc1: {type: AdamW, lr: 0.001}}";

  @TempDir private Path folder;

  /** What a run's hooks see: weights before and after it, rates and momenta at each iteration. */
  private static final class Watcher implements Hook {
    private final Map<String, float[]> before = new LinkedHashMap<>();
    private final List<String> changed = new ArrayList<>();
    private final List<String> optimizers = new ArrayList<>();
    private final List<ScheduleRow> rows = new ArrayList<>();
    private final TrainingParts parts;

    Watcher(TrainingParts parts) {
      this.parts = parts;
      optimizers.addAll(parts.optimizers().keySet());
    }

    private Map<String, float[]> weights() {
      Map<String, float[]> weights = new LinkedHashMap<>();
      for (Map.Entry<String, Parameter> named :
          ParameterNames.of(parts.model().block()).entrySet()) {
        weights.put(named.getKey(), named.getValue().getArray().toFloatArray());
      }
      return weights;
    }

    @Override
    public void beforeRun(HookContext context) {
      before.putAll(weights());
    }

    @Override
    public void beforeTrainIter(HookContext context) {
      Map<String, List<Double>> momenta = new LinkedHashMap<>();
      context
          .optimizers()
          .forEach(
              (name, optimizer) ->
                  momenta.put(
                      name,
                      optimizer.paramGroups().stream().map(ParamGroup::currentMomentum).toList()));
      rows.add(
          new ScheduleRow(
              context.progress().epoch(),
              context.progress().iter(),
              context.progress().innerIter(),
              context.learningRates(),
              momenta));
    }

    @Override
    public void afterRun(HookContext context) {
      weights()
          .forEach(
              (name, weight) -> {
                if (!Arrays.equals(weight, before.get(name))) {
                  changed.add(name);
                }
              });
    }

    @Override
    public Priority priority() {
      return Priority.LOWEST;
    }
  }

  private final List<Watcher> watchers = new ArrayList<>();

  private Experiment experiment(String... overrides) {
    Components components = Components.shipped();
    components
        .hooks()
        .register(
            "Watcher",
            config ->
                parts -> {
                  watchers.add(new Watcher(parts));
                  return watchers.get(watchers.size() - 1);
                });
    components
        .optimizers()
        .register(
            "Own",
            config ->
                model -> {
                  throw new IllegalStateException("never built");
                });
    return Experiment.read(
        Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(overrides)), components);
  }

  @Test
  @DisplayName("X11 each optimizer trains its part, the rest stays as it is, and all of it is told")
  void training() throws IOException {
    experiment(TWO, "custom_hooks=[{type: Watcher}]").run(folder, "small.yaml");
    Watcher seen = watchers.get(0);
    assertThat(seen.optimizers).containsExactly("convs", "fc1");
    assertThat(seen.changed)
        .containsExactly(
            "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias");
    assertThat(Files.readString(file(".log")))
        .contains(
            "No optimizer updates fc2.weight, fc2.bias, fc3.weight, fc3.bias:"
                + " they stay as they are");
    JsonNode record =
        Files.readAllLines(file(".log.json")).stream()
            .map(NamedOptimizersTest::json)
            .filter(SmallConfig::isTraining)
            .findFirst()
            .orElseThrow();
    assertThat(record.at("/lr/convs").asDouble()).isEqualTo(0.05);
    assertThat(record.at("/lr/fc1").asDouble()).isEqualTo(0.001);
    assertThat(
            SafetensorsReader.open(folder.resolve("epoch_1.safetensors"))
                .tensors()
                .keySet()
                .stream()
                .filter(name -> name.startsWith("optimizer/"))
                .map(name -> name.replaceFirst("(/[^/]*)/[^/]*/([^.]*)\\..*", "$1 $2"))
                .distinct())
        .containsExactlyInAnyOrder(
            "optimizer/convs conv1", "optimizer/convs conv2", "optimizer/fc1 fc1");
  }

  @Test
  @DisplayName("X09 X11 the plan shows each with its groups, by paramwise_cfg within its part")
  void plan() {
    List<String> lines =
        experiment(
                TWO,
                "optimizer.convs.paramwise_cfg={bias_lr_mult: 2, custom_keys: {conv1: {lr_mult: 3}}}")
            .plan()
            .lines();
    assertThat(lines)
        .contains("Parameter groups of Sgd 'convs':", "Parameter groups of Adam 'fc1':")
        .anyMatch(line -> line.startsWith("No optimizer updates fc2.weight"));
    assertThat(lines)
        .filteredOn(line -> line.contains(": lr "))
        .extracting(line -> line.replaceFirst(".*: (lr [^,]*),.*", "$1"))
        .containsExactlyInAnyOrder("lr 0.15000000000000002", "lr 0.05", "lr 0.1", "lr 0.001");
  }

  @Test
  @DisplayName("X11 a single section is called default, also among named schedules")
  void single() {
    Experiment one =
        experiment(
            "lr_config={_delete_: true, default: {policy: step, step: 1}}", "runner.max_epochs=2");
    List<ScheduleRow> rows = new ArrayList<>();
    one.previewSchedule(OptionalInt.empty(), rows::add);
    assertThat(rows.get(rows.size() - 1).lr())
        .hasEntrySatisfying("default", rates -> assertThat(rates.get(0)).isLessThan(0.0051));
    assertThat(one.plan().lines()).contains("Parameter groups of Sgd:");
  }

  @Test
  @DisplayName("X08 S11 schedules by name change their optimizer only, as the preview says")
  void schedules() {
    Experiment experiment =
        experiment(
            TWO,
            "optimizer.convs.paramwise_cfg={bias_lr_mult: 2}",
            "lr_config={_delete_: true, convs: {policy: CosineAnnealing, min_lr: 0, by_epoch: false}}",
            "momentum_config={convs: {policy: step, step: 5, by_epoch: false},"
                + " fc1: {policy: cyclic}}",
            "custom_hooks=[{type: Watcher}]");
    List<ScheduleRow> previewed = new ArrayList<>();
    experiment.previewSchedule(OptionalInt.empty(), previewed::add);
    experiment.run(folder, "small.yaml");
    assertThat(previewed).hasSize(12).isEqualTo(watchers.get(0).rows);
    assertThat(previewed).extracting(row -> row.lr().get("fc1")).containsOnly(List.of(0.001));
    ScheduleRow middle = previewed.get(6);
    assertThat(middle.lr().get("convs")).hasSize(2).allMatch(rate -> rate < 0.051);
    assertThat(middle.momentum().get("convs")).containsOnly(0.45);
    assertThat(middle.momentum().get("fc1")).doesNotContain(0.9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {con1: {type: SGD, lr: 1}}                               | optimizer.con1: the network has no parameter 'con1' or below it, did you mean 'conv1'?; it has conv1, conv2, fc1, fc2, fc3; say which
          {a: {type: SGD, lr: 1, params: [conv1, conv2.wight]}}    | optimizer.a.params[1]: the network has no parameter 'conv2.wight' or below it, did you mean 'conv2.weight'?
          {fc: {type: SGD, lr: 1}}                                 | optimizer.fc: the network has no parameter 'fc'
          {fc1: {type: SGD, lr: 1}, b: {type: SGD, lr: 1, params: [fc2, fc1.bias]}} | optimizer.b: optimizer 'fc1' updates fc1.bias too
          {a/b: {type: SGD, lr: 1, params: [fc1]}}                 | optimizer.a/b: an optimizer's name has letters
          {fc1: {type: SGD, lr: 1, params: []}}                    | optimizer.fc1.params: expected one or more beginnings
          {fc1: {type: SGD, lr: 1, params: fc1}}                   | optimizer.fc1.params: expected a list of texts
          {fc1: {type: SGD, lr: 1, momentun: 0.9}}                 | optimizer.fc1.momentun: unknown key 'momentun', did you mean 'momentum'?
          {fc1: {type: SGD, lr: 1}, fc2: {lr: 1}}                  | optimizer.fc2.type: missing
          {fc1: {type: SGD, lr: 1}, lr: 0.1}                       | optimizer.lr: expected a mapping
          {fc1: {type: Own}}                                       | optimizer.fc1: it can't update a part of the parameters
          """)
  @DisplayName(
      "X12 parts that the network lacks, parts of two and bad names are told at their place")
  void wrongOptimizers(String optimizer, String message) {
    assertThatThrownBy(
            () ->
                experiment("optimizer=" + optimizer.replaceFirst("\\{", "{_delete_: true, "))
                    .plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("X12 C01 all that doesn't fit the network is told at once, with its line")
  void wrongPartsAtOnce() {
    Config config =
        Config.parse(
            SmallConfig.EPOCHS.replaceFirst(
                "optimizer: .*",
                """
                optimizer:
                  a: {type: SGD, lr: 0.1, params: [conv1, conv3]}
                  b: {type: SGD, lr: 0.1, params: [conv1.bias]}"""),
            "small.yaml");
    assertThatThrownBy(() -> Experiment.read(config).plan())
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .satisfiesExactly(
                        first ->
                            assertThat(first).startsWith("small.yaml:9: optimizer.a.params[1]"),
                        second -> assertThat(second).startsWith("small.yaml:10: optimizer.b: ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lr_config={_delete_: true, convs: {policy: fixed}, fc: {policy: fixed}} | lr_config.fc: there is no optimizer 'fc', did you mean 'fc1'?; the config has convs, fc1
          momentum_config={conv: {policy: step, step: 1}}                        | momentum_config.conv: there is no optimizer 'conv', did you mean 'convs'?
          lr_config={_delete_: true, fc1: {policy: stepp}}                       | lr_config.fc1.policy: unknown policy 'stepp'
          lr_config={_delete_: true, fc1: {policy: fixed, gama: 1}}              | lr_config.fc1.gama: unknown key
          lr_config={_delete_: true, fc1: {policy: ReduceLROnPlateau}}           | lr_config.fc1.policy: ReduceLROnPlateau lowers the rates of all optimizers together
          lr_config={_delete_: true, fc1: {policy: cyclic, cyclic_times: 13}}    | lr_config.fc1: cyclic_times is 13, but the run has only 12
          momentum_config={fc1: {policy: OneCycle, max_momentum: [0.9, 0.9]}}    | momentum_config.fc1: [0.9, 0.9] are 2 values
          """)
  @DisplayName("S11 S09 names that no optimizer has, and schedules that don't fit, are refused")
  void wrongSchedules(String schedule, String message) {
    assertThatThrownBy(() -> experiment(TWO, schedule).plan())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("S08 S11 a plateau lowers the rates of all optimizers")
  void plateau() {
    experiment(
            TWO,
            "runner.max_epochs=3",
            "lr_config={policy: ReduceLROnPlateau, monitor: loss, mode: max, patience: 0,"
                + " threshold: 100, factor: 0.5}",
            "custom_hooks=[{type: Watcher}]")
        .run(folder, "small.yaml");
    List<ScheduleRow> rows = watchers.get(0).rows;
    assertThat(rows.get(rows.size() - 1).lr())
        .isEqualTo(Map.of("convs", List.of(0.025), "fc1", List.of(0.0005)));
  }

  private Path file(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  private static JsonNode json(String line) {
    try {
      return JsonMapper.builder().build().readTree(line);
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }
}
