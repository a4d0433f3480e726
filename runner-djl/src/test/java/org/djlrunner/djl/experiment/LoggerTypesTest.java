package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Workflow;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code log_config} can ask for. */
class LoggerTypesTest {
  @TempDir private Path folder;

  private static List<Hook> read(String yaml, Map<String, String> environment) {
    ConfigErrors errors = new ConfigErrors();
    List<Hook> hooks =
        new LoggerTypes(10, Every.Unit.EPOCH, environment)
            .build(Config.parse("hooks: " + yaml, "log.yaml").reader(errors).sections("hooks"));
    errors.throwIfAny();
    return hooks;
  }

  private static LoggerHook one(String yaml) {
    return (LoggerHook) read("[" + yaml + "]", Map.of()).get(0);
  }

  private static void assertRefused(String yaml, String... parts) {
    assertThatThrownBy(() -> read(yaml, Map.of()))
        .isInstanceOf(ConfigException.class)
        .message()
        .contains(parts);
  }

  @Test
  @DisplayName("L19 every logger takes interval, by_epoch, ignore_last and reset_flag")
  void common() {
    String options = "interval: 3, by_epoch: false, ignore_last: false, reset_flag: true";
    for (String type :
        List.of(
            "TextLoggerHook",
            "JsonLoggerHook",
            "CsvLoggerHook",
            "TensorboardLoggerHook",
            "MlflowLoggerHook, uri: 'http://localhost:1'")) {
      LoggerHook hook = one("{type: " + type + ", " + options + "}");
      assertThat(hook.interval()).isEqualTo(3);
      assertThat(hook.labelUnit()).isEqualTo(Every.Unit.ITER);
      assertThat(hook.ignoreLast()).isFalse();
      LoggerHook plain = one("{type: " + type + "}");
      assertThat(plain.interval()).isEqualTo(10);
      assertThat(plain.labelUnit()).isEqualTo(Every.Unit.EPOCH);
      assertThat(plain.ignoreLast()).isTrue();
    }
  }

  @Test
  @DisplayName("L19 trackers of MMCV's that are not there are refused with the names of those here")
  void elsewhere() {
    assertRefused(
        "[{type: WandbLoggerHook, init_kwargs: {project: x}}]",
        "log.yaml:1",
        "hooks[0].type",
        "'WandbLoggerHook'",
        "TensorboardLoggerHook, MlflowLoggerHook");
    assertRefused("[{type: TensorboardLogger}]", "did you mean 'TensorboardLoggerHook'");
  }

  @Test
  @DisplayName("L19 wrong options are reported all at once, each at its place")
  void wrong() {
    assertRefused(
        "[{type: TextLoggerHook, interval: 0, interval_exp_name: 0, out_dir: 5, keep_local: x},"
            + " {type: MlflowLoggerHook, log_model: true, tags: {a: [1]}},"
            + " {type: CsvLoggerHook, intervall: 3}]",
        "8 problems",
        "hooks[0].interval: must be at least 1, got 0",
        "hooks[0].interval_exp_name: must be at least 1, got 0",
        "hooks[0].out_dir: expected",
        "hooks[0].keep_local: expected",
        "hooks[1].log_model: models are not uploaded",
        "hooks[1].tags.a: expected a single value",
        "hooks[1].uri: missing; expected an MLflow server, here or in the variable MLFLOW_TRACKING",
        "hooks[2].intervall: unknown key 'intervall', did you mean 'interval'?");
    assertRefused("[{type: MlflowLoggerHook, uri: 'file:runs'}]", "file:runs", "http://");
    assertRefused(
        "[{type: TextLoggerHook, out_dir: x, file_client_args: {backend: petrel}}]",
        "unknown backend 'petrel'");
  }

  @Test
  @DisplayName("L14 L19 the MLflow server may come from the environment")
  void mlflowVariable() {
    assertThat(
            read(
                "[{type: MlflowLoggerHook, exp_name: e, params: {lr: 0.1, deep: true}}]",
                Map.of("MLFLOW_TRACKING_URI", "https://mlflow.example")))
        .hasSize(1);
  }

  @Test
  @DisplayName("L19 log_config names its loggers, and each writes where it is told")
  void files() throws Exception {
    ConfigErrors errors = new ConfigErrors();
    String config =
        """
        log_config:
          interval: 1
          hooks:
            - {type: TextLoggerHook, out_dir: OUT, out_suffix: .log}
            - {type: CsvLoggerHook}
            - {type: TensorboardLoggerHook, log_dir: OUT/events}
            - {type: TensorboardLoggerHook}
        """
            .replace("OUT", folder.resolve("out").toString());
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 1)
            .optimizer(new FakeOptimizer(0.1))
            .workDir(folder.resolve("run1"))
            .timestamp("now")
            .build();
    HooksSection.loggers(
            Config.parse(config, "log.yaml").reader(errors).optionalSection("log_config"),
            Every.Unit.EPOCH)
        .forEach(runner::registerHook);
    errors.throwIfAny();
    runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> folder.relativize(file).toString().replaceFirst("\\d{10}", "T")))
          .containsExactlyInAnyOrder(
              "run1/now.log",
              "run1/now.csv",
              "run1/tf_logs/events.out.tfevents.T.djl-runner",
              "out/run1/now.log",
              "out/events/events.out.tfevents.T.djl-runner");
    }
    assertThat(Optional.of(Files.readAllLines(folder.resolve("run1/now.csv")).size())).hasValue(3);
  }
}
