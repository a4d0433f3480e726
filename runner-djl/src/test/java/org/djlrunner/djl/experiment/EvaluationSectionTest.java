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
import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.RunResult;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.BestSpec;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The config's {@code evaluation}: forms, data sets, metrics, and what is wrong with them. */
class EvaluationSectionTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String TWO =
      "evaluation=[{metric: accuracy}, {name: other, data: hard, interval: 1, start: 0,"
          + " metric: [recall, confusion_matrix, ece], metric_options: {bins: 5}}]";

  private static final String HARD = "data.hard={type: Glyphs, size: 24, seed: 3}";

  @TempDir private Path folder;

  private static Config config(String... overrides) {
    return Config.parse(SmallConfig.EPOCHS, "small.yaml").with(List.of(overrides));
  }

  private static List<EvaluationSection> read(String... overrides) {
    ConfigErrors errors = new ConfigErrors();
    List<EvaluationSection> evaluations =
        EvaluationSection.read(config(overrides).reader(errors), Every.Unit.EPOCH);
    errors.throwIfAny();
    return evaluations;
  }

  private RunResult run(String... overrides) {
    return Experiment.read(config(overrides)).run(folder.resolve("run"), "small.yaml");
  }

  private List<JsonNode> evaluations() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (var files = Files.list(folder.resolve("run"))) {
      Path log = files.filter(f -> f.toString().endsWith(".log.json")).findFirst().orElseThrow();
      for (String line : Files.readAllLines(log)) {
        JsonNode record = JSON.readTree(line);
        if (record.has("mode") && !SmallConfig.isTraining(record)) {
          lines.add(record);
        }
      }
    }
    return lines;
  }

  @Test
  @DisplayName("V13 V08 a list has several evaluations, each on a data set of its own")
  void several() throws IOException {
    RunResult result = run(TWO, HARD);
    assertThat(result.metrics())
        .containsOnlyKeys("loss", "accuracy_top-1", "other/loss", "other/recall", "other/ece");
    assertThat(evaluations())
        .extracting(e -> e.path("epoch").asInt() + " " + e.path("iter").asInt())
        .containsExactly("0 3", "1 5", "1 3");
    JsonNode details = JSON.readTree(folder.resolve("run/evaluation/other_epoch_1.json").toFile());
    assertThat(details.path("classes")).hasSize(10);
    assertThat(details.path("confusion_matrix")).hasSize(10);
    assertThat(details.path("calibration")).hasSize(5);
    assertThat(details.path("per_class").path("recall")).hasSize(10);
    assertThat(
            details
                .path("per_class")
                .path("support")
                .valueStream()
                .mapToDouble(JsonNode::asDouble)
                .sum())
        .isEqualTo(24);
    assertThat(details.path("results").path("ece").asDouble())
        .isEqualTo(result.metrics().get("other/ece"));
    assertThat(folder.resolve("run/evaluation/other_epoch_0.json")).exists();
    assertThat(folder.resolve("run/evaluation/epoch_1.json")).doesNotExist();
  }

  @Test
  @DisplayName("V13 a data set takes its own loader's settings, else those of validation")
  void loaders() throws IOException {
    run(
        TWO,
        HARD,
        "data.hard_dataloader={samples_per_gpu: 12}",
        "data.val_dataloader={samples_per_gpu: 20}");
    assertThat(evaluations())
        .extracting(e -> e.path("epoch").asInt() + " " + e.path("iter").asInt())
        .containsExactly("0 2", "1 2", "1 2");
  }

  @Test
  @DisplayName("V15 a workflow may name test, on data.test")
  void testFlow() {
    RunResult result =
        run(
            "workflow=[[train, 1], [test, 1]]",
            "evaluation=null",
            "data.test={type: Glyphs, size: 16, seed: 4}");
    assertThat(result.metrics()).containsOnlyKeys("test/loss", "test/accuracy_top-1");
  }

  @Test
  @DisplayName("V07 save_best is read for whoever saves, in MMCV's words")
  void best() {
    assertThat(read().get(0).best()).isEmpty();
    Optional<BestSpec> best = read("evaluation.save_best=auto").get(0).best();
    assertThat(best.orElseThrow().keys()).containsExactly("auto");
    best =
        read("evaluation={name: clean, metric: [accuracy, recall, ece], save_best: [recall, ece]}")
            .get(0)
            .best();
    assertThat(best.orElseThrow().fullName("recall")).isEqualTo("clean/recall");
    assertThat(best.orElseThrow().ruleOf("recall")).isEqualTo(Rule.GREATER);
    assertThat(best.orElseThrow().ruleOf("ece")).isEqualTo(Rule.LESS);
    best = read("evaluation={save_best: loss, rule: greater}").get(0).best();
    assertThat(best.orElseThrow().ruleOf("loss")).isEqualTo(Rule.GREATER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          evaluation.start=-1                             | evaluation.start: must be 0 or more, got -1
          evaluation.interval=1.5                         | evaluation.interval: expected a whole number
          evaluation.by_epoch=1                           | evaluation.by_epoch
          evaluation.intervall=2                          | unknown key 'intervall', did you mean 'interval'
          evaluation.metric=acuracy                       | did you mean 'accuracy'
          evaluation.metric_options.average_mode=mean     | evaluation.metric_options.average_mode
          evaluation.metric_options.thrs=1                | evaluation.metric_options.thrs: expected numbers of 0 or more and below 1
          evaluation.metric_options.bins=0                | evaluation.metric_options.bins: must be at least 1
          evaluation.metric_options.topk=[]               | evaluation.metric_options.topk: expected numbers
          evaluation.save_best=accuracy_top1              | evaluation.save_best: the evaluation doesn't report 'accuracy_top1', did you mean 'accuracy_top-1'
          evaluation={save_best: loss, rule: max}         | evaluation.rule
          evaluation={save_best: []}                      | evaluation.save_best: name at least one result
          evaluation={name: a/b}                          | evaluation.name: expected letters
          evaluation={name: train}                        | evaluation.name: 'train' means values of training
          evaluation={data: train}                        | evaluation.data: data.train is loaded as for training
          evaluation={data: hard}                         | evaluation: needs a data set, but data.hard is missing
          evaluation=[{}, {interval: 2}]                  | evaluation[1].name: two evaluations have no name
          evaluation=[{name: a}, {name: a}]               | evaluation[1].name: two evaluations are called 'a'
          evaluation=[{name: a}, {name: b, metric: mAP}]  | evaluation[1].metric: unknown metric 'mAP'
          workflow=[[train, 1], [test, 1]]                | workflow: needs a data set, but data.test is missing
          data.hard={type: Glyphs, size: 10}              | data.hard: unknown key 'hard'
          """)
  @DisplayName("V03 V07 V12 V13 C01 what is wrong is named with its key, before data is touched")
  void refused(String override, String message) {
    assertThatThrownBy(() -> Experiment.read(config(override)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("V12 a k above the number of classes is refused with its key")
  void tooManyClasses() {
    assertThatThrownBy(() -> run("evaluation=[{name: a, metric_options: {topk: 11}}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evaluation[0].metric_options.topk: [11] asks for more than");
  }

  @Test
  @DisplayName("V13 data of an evaluation that doesn't fit the training data is refused")
  void unfit() {
    assertThatThrownBy(() -> run(TWO, "data.hard={type: Glyphs, size: 24, image_size: 16}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.hard");
  }
}
