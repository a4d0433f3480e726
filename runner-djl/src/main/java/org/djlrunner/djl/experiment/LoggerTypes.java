package org.djlrunner.djl.experiment;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.Sinks;
import org.djlrunner.log.LogCopies;
import org.djlrunner.log.LogSink;
import org.djlrunner.log.TextLogOptions;
import org.djlrunner.log.mlflow.MlflowOptions;
import org.djlrunner.metric.LogBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code log_config.hooks}: where logs go, in MMCV's words.
 *
 * <p>All take {@code interval} (default that of {@code log_config}), {@code by_epoch} (default by
 * what the runner counts), {@code ignore_last} (true), and {@code reset_flag}, which has no effect:
 * loggers share nothing that one of them would have to reset.
 */
final class LoggerTypes {
  /** Loggers that MMCV has and this runner has not. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "WandbLoggerHook",
          "NeptuneLoggerHook",
          "DvcliveLoggerHook",
          "SegmindLoggerHook",
          "ClearMLLoggerHook",
          "PaviLoggerHook");

  private final int interval;
  private final Every.Unit runnerUnit;
  private final Map<String, String> environment;
  private final Registry<Hook> types = new Registry<>("logger hook");

  /**
   * The types of loggers.
   *
   * @param interval iterations between two records unless a logger has its own
   * @param environment the process's variables
   */
  LoggerTypes(int interval, Every.Unit runnerUnit, Map<String, String> environment) {
    this.interval = interval;
    this.runnerUnit = runnerUnit;
    this.environment = environment;
    type("TextLoggerHook", config -> Sinks.text(textOptions(config)));
    type("JsonLoggerHook", config -> Sinks.jsonLines());
    type("CsvLoggerHook", config -> Sinks.csv());
    type(
        "TensorboardLoggerHook",
        config ->
            Sinks.tensorBoard(Optional.ofNullable(config.stringOrNull("log_dir")).map(Path::of)));
    type("MlflowLoggerHook", config -> Sinks.mlflow(mlflowOptions(config)));
  }

  /** The loggers that a list names; what is wrong becomes errors of their entries. */
  List<Hook> build(List<ConfigReader> entries) {
    List<Hook> hooks = new ArrayList<>();
    for (ConfigReader entry : entries) {
      String type = entry.has("type") ? entry.string("type") : "";
      if (ELSEWHERE.contains(type)) {
        entry.error(
            "type",
            "unknown logger hook '"
                + type
                + "': MMCV has it, this runner has not; there are "
                + String.join(", ", types.types()));
      } else {
        types.build(entry).ifPresent(hooks::add);
      }
    }
    return hooks;
  }

  /** {@code log_config.interval} or a logger's own. */
  static int interval(ConfigReader config, int fallback) {
    int value = config.integer("interval", fallback);
    boolean fits = value >= 1 && value <= LogBuffer.DEFAULT_CAPACITY;
    config.require(
        fits,
        "interval",
        "must be at least 1"
            + (value < 1 ? "" : " and at most " + LogBuffer.DEFAULT_CAPACITY)
            + ", got "
            + value);
    return fits ? value : 1;
  }

  private void type(String name, Function<ConfigReader, Function<HookContext, LogSink>> sink) {
    types.register(
        name,
        config -> {
          config.bool("reset_flag", false);
          return new LoggerHook(
              interval(config, interval),
              ScheduleSection.unit(config, runnerUnit),
              config.bool("ignore_last", true),
              sink.apply(config));
        });
  }

  private static TextLogOptions textOptions(ConfigReader config) {
    int nameInterval =
        config.integer("interval_exp_name", TextLogOptions.DEFAULT.intervalExpName());
    config.require(
        nameInterval >= 1, "interval_exp_name", "must be at least 1, got " + nameInterval);
    String outDir = config.stringOrNull("out_dir");
    List<String> suffixes =
        config.has("out_suffix") && !config.isSequence("out_suffix")
            ? List.of(config.string("out_suffix"))
            : config.strings("out_suffix", LogCopies.SUFFIXES);
    boolean keepLocal = config.bool("keep_local", true);
    fileClient(config, outDir);
    return new TextLogOptions(
        Math.max(1, nameInterval),
        Optional.ofNullable(outDir).map(dir -> new LogCopies(Path.of(dir), suffixes, keepLocal)));
  }

  /** MMCV's word for where {@code out_dir} is; folders are all there is here. */
  private static void fileClient(ConfigReader config, @Nullable String outDir) {
    Optional<ConfigReader> client = config.optionalSection("file_client_args");
    if (client.isPresent()) {
      config.require(outDir != null, "file_client_args", "says nothing without out_dir");
      String backend = client.get().string("backend", "disk");
      client
          .get()
          .require(
              backend.equals("disk"),
              "backend",
              "unknown backend '" + backend + "'; logs are copied to folders: disk");
      client.get().finish();
    }
  }

  private MlflowOptions mlflowOptions(ConfigReader config) {
    String variable = "MLFLOW_TRACKING_URI";
    String uri = config.string("uri", environment.getOrDefault(variable, ""));
    Optional<String> experiment = Optional.ofNullable(config.stringOrNull("exp_name"));
    Map<String, String> tags = texts(config, "tags");
    Map<String, String> params = texts(config, "params");
    config.require(
        !config.bool("log_model", false),
        "log_model",
        "models are not uploaded; leave it out, checkpoints are in the work folder");
    if (uri.isEmpty()) {
      config.error(
          "uri", "missing; expected an MLflow server, here or in the variable " + variable);
      uri = "http://localhost";
    }
    return new MlflowOptions(
        URI.create(uri), experiment, tags, params, MlflowOptions.Patience.DEFAULT);
  }

  /** A mapping of names to values, each of which is told as a text. */
  private static Map<String, String> texts(ConfigReader config, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    config
        .optionalSection(key)
        .ifPresent(
            section ->
                section
                    .keys()
                    .forEach(
                        name ->
                            section
                                .node(name)
                                .filter(ConfigNode.Value.class::isInstance)
                                .map(ConfigNode.Value.class::cast)
                                .ifPresentOrElse(
                                    value -> texts.put(name, String.valueOf(value.value())),
                                    () -> section.error(name, "expected a single value"))));
    return texts;
  }
}
