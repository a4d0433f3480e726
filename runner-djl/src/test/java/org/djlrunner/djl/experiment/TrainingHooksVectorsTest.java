package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.MomentumUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.hook.TrainingHooks;
import org.djlrunner.schedule.Fixed;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.schedule.Step;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The usual hooks of a run, from configs and as objects, against MMCV. */
@ExtendWith(VectorTally.class)
class TrainingHooksVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<String> OTHER_LOGGERS =
      Set.of(
          "WandbLoggerHook",
          "NeptuneLoggerHook",
          "DvcliveLoggerHook",
          "ClearMLLoggerHook",
          "PaviLoggerHook",
          "SegmindLoggerHook");
  private static final Set<String> CHECKPOINT_OPTIONS =
      Set.of(
          "interval",
          "by_epoch",
          "save_optimizer",
          "out_dir",
          "max_keep_ckpts",
          "save_last",
          "filename_tmpl",
          "create_symlink",
          "meta",
          "sync_buffer",
          "file_client_args");
  private static final Map<String, String> OBJECTS =
      Map.of(
          "lr_config", "lr",
          "momentum_config", "momentum",
          "optimizer_config", "optimizer",
          "checkpoint_config", "checkpoint");

  static Stream<Case> recorded() {
    return Vectors.cases("priority/training_hooks.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("H01 H02 H12 the usual hooks stand where MMCV's do")
  void hooks(Case c) {
    Optional<String> deviation = deviation(c);
    if (deviation.isPresent()) {
      c.deviation(deviation.get(), () -> assertOurs(c));
    } else if (c.has("raises")) {
      c.equal(() -> assertThatThrownBy(() -> register(c)).isInstanceOf(RuntimeException.class));
    } else {
      c.equal(() -> assertThat(describe(c)).isEqualTo(recordedHooks(c)));
    }
  }

  /** Why we do otherwise, if we do, from the arguments alone. */
  private static Optional<String> deviation(Case c) {
    JsonNode arguments = c.at("arguments");
    List<String> why = new ArrayList<>();
    if (hasOtherLoggers(arguments)) {
      why.add("trackers that are not there");
    }
    if (arguments.hasNonNull("checkpoint_config")) {
      why.add("Q-R14");
    }
    if (isObject(arguments.path("lr_config")) && !isByEpoch(c)) {
      why.add("Q-R13");
    }
    if (arguments.hasNonNull("log_config")
        && !(arguments.path("log_config").has("interval")
            && arguments.path("log_config").has("hooks"))) {
      why.add("Q-R36");
    }
    if (arguments.has("timer_config") && !isByEpoch(c)) {
      why.add("Q-R13");
    }
    return why.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", why));
  }

  private static boolean hasOtherLoggers(JsonNode arguments) {
    for (JsonNode logger : arguments.path("log_config").path("hooks")) {
      if (OTHER_LOGGERS.contains(logger.path("type").asText())) {
        return true;
      }
    }
    return false;
  }

  /** Options that nobody knows. */
  private static boolean hasUnknownCheckpointOptions(JsonNode arguments) {
    for (Map.Entry<String, JsonNode> option : arguments.path("checkpoint_config").properties()) {
      if (!CHECKPOINT_OPTIONS.contains(option.getKey())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isByEpoch(Case c) {
    return c.at("runner").asText().startsWith("Epoch");
  }

  private static boolean isObject(JsonNode argument) {
    return argument.isTextual() && argument.asText().startsWith("hook:");
  }

  /** What we do instead: refuse what we don't know, else the recorded hooks by our own rules. */
  private static void assertOurs(Case c) {
    JsonNode arguments = c.at("arguments");
    if (hasOtherLoggers(arguments) || hasUnknownCheckpointOptions(arguments)) {
      assertThatThrownBy(() -> register(c)).hasMessageContaining("unknown");
      return;
    }
    assertThat(describe(c)).isEqualTo(expected(c));
  }

  /**
   * The order by our rules: each hook behind all of the same priority, checkpoints at VERY_LOW
   * before loggers, two loggers where none are named.
   */
  private static List<String> expected(Case c) {
    JsonNode arguments = c.at("arguments");
    List<String> expected = new ArrayList<>();
    c.at("registered_before")
        .forEach(entry -> insert(expected, entry.get(0).asText(), value(entry)));
    if (arguments.hasNonNull("lr_config")) {
      insert(expected, "LrUpdaterHook", 10);
    }
    if (arguments.hasNonNull("momentum_config")) {
      insert(expected, "MomentumUpdaterHook", 30);
    }
    if (arguments.hasNonNull("optimizer_config")) {
      insert(expected, "OptimizerHook", 40);
    }
    if (!arguments.has("timer_config")) {
      insert(expected, "IterTimerHook", 70);
    } else if (isObject(arguments.path("timer_config"))) {
      insert(expected, arguments.path("timer_config").asText().substring("hook:".length()), 70);
    }
    if (arguments.hasNonNull("checkpoint_config")) {
      insert(expected, "CheckpointHook", 90);
    }
    if (arguments.hasNonNull("log_config")) {
      JsonNode hooks = arguments.path("log_config").path("hooks");
      for (int i = 0; i < (hooks.isArray() ? hooks.size() : 2); i++) {
        insert(expected, "LoggerHook", 90);
      }
    }
    for (JsonNode custom : list(arguments.path("custom_hooks_config"))) {
      boolean object = isObject(custom);
      String type =
          object ? custom.asText().substring("hook:".length()) : custom.path("type").asText();
      int own = type.equals("EMAHook") ? 45 : 50;
      insert(
          expected,
          RecordedHooks.ours(type),
          custom.has("priority") ? RecordedHooks.priority(custom.path("priority")).value() : own);
    }
    c.at("registered_after")
        .forEach(entry -> insert(expected, entry.get(0).asText(), value(entry)));
    return expected;
  }

  private static int value(JsonNode entry) {
    return RecordedHooks.priority(entry.get(1)).value();
  }

  private static void insert(List<String> hooks, String name, int value) {
    int place = 0;
    while (place < hooks.size()
        && Integer.parseInt(hooks.get(place).replaceFirst(".* at (\\d+).*", "$1")) <= value) {
      place++;
    }
    hooks.add(place, name + " at " + value);
  }

  private static List<JsonNode> list(JsonNode oneOrMany) {
    List<JsonNode> list = new ArrayList<>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(list::add);
    } else if (!oneOrMany.isMissingNode() && !oneOrMany.isNull()) {
      list.add(oneOrMany);
    }
    return list;
  }

  private static List<String> recordedHooks(Case c) {
    List<String> hooks = new ArrayList<>();
    for (JsonNode hook : c.at("hooks")) {
      String type = hook.path("type").asText();
      hooks.add(
          (type.matches("AnyHook|OtherHook") ? type : RecordedHooks.ours(type))
              + " at "
              + hook.path("priority").asInt());
    }
    return hooks;
  }

  /** Registers, and checks what hooks count: MMCV's default by runner, else what is given. */
  private static List<String> describe(Case c) {
    Hooks hooks = register(c);
    JsonNode arguments = c.at("arguments");
    for (Hook hook : hooks) {
      if (hook instanceof CheckpointHook checkpoint) {
        JsonNode config = arguments.path("checkpoint_config");
        if (config.isObject()) {
          boolean byEpoch = config.path("by_epoch").asBoolean(isByEpoch(c));
          assertThat(checkpoint.interval())
              .isEqualTo(
                  new Every(
                      config.path("interval").asInt(),
                      byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER));
        }
      }
    }
    List<LoggerHook> loggers = new ArrayList<>();
    hooks.forEach(
        hook -> {
          if (hook instanceof LoggerHook logger) {
            loggers.add(logger);
          }
        });
    JsonNode named = arguments.path("log_config").path("hooks");
    for (int i = 0; i < named.size(); i++) {
      boolean byEpoch = named.get(i).path("by_epoch").asBoolean(isByEpoch(c));
      assertThat(loggers.get(i).labelUnit())
          .isEqualTo(byEpoch ? Every.Unit.EPOCH : Every.Unit.ITER);
      assertThat(loggers.get(i).interval())
          .isEqualTo(
              named
                  .get(i)
                  .path("interval")
                  .asInt(arguments.path("log_config").path("interval").asInt(10)));
    }
    return RecordedHooks.describe(hooks);
  }

  private static Hooks register(Case c) {
    JsonNode arguments = c.at("arguments");
    if (!arguments.has("lr_config")) {
      // A whole config can't leave the schedule out.
      String text = SmallConfig.EPOCHS.replaceFirst("lr_config: .*\\n", "");
      Experiment.read(Config.parse(text, "small.yaml"));
    }
    try (RecordedHooks recorded = new RecordedHooks()) {
      Hooks hooks = new Hooks();
      c.at("registered_before").forEach(entry -> hooks.add(object(entry), priority(entry)));
      training(c, recorded).registerWith(hooks);
      c.at("registered_after").forEach(entry -> hooks.add(object(entry), priority(entry)));
      return hooks;
    }
  }

  private static Hook object(JsonNode entry) {
    return entry.get(0).asText().equals("AnyHook")
        ? new RecordedHooks.AnyHook()
        : new RecordedHooks.OtherHook();
  }

  private static Priority priority(JsonNode entry) {
    return RecordedHooks.priority(entry.get(1));
  }

  /** The hooks of a training run, as {@code Training} puts them together. */
  private static TrainingHooks training(Case c, RecordedHooks recorded) {
    JsonNode arguments = c.at("arguments");
    Every.Unit unit = isByEpoch(c) ? Every.Unit.EPOCH : Every.Unit.ITER;
    ConfigErrors errors = new ConfigErrors();
    ConfigReader root = RecordedHooks.reader(withoutObjects(arguments), errors);
    TrainingHooks training = new TrainingHooks();
    root.optionalSection("lr_config")
        .flatMap(section -> LrConfig.read(section, unit))
        .ifPresent(plan -> training.add(new LrUpdaterHook((LrSchedule) plan)));
    root.optionalSection("momentum_config")
        .flatMap(section -> MomentumConfig.read(section, unit))
        .ifPresent(schedule -> training.add(new MomentumUpdaterHook(schedule)));
    if (root.has("optimizer_config")) {
      training.add(new OptimizerHook(UpdateSection.read(root)));
    }
    if (!arguments.has("timer_config")) {
      training.add(new IterTimerHook());
    }
    root.optionalSection("checkpoint_config")
        .ifPresent(section -> training.add(CheckpointSection.read(section, unit)));
    if (root.has("log_config")) {
      HooksSection.loggers(root.optionalSection("log_config"), unit).forEach(training::add);
    }
    for (JsonNode custom : list(arguments.path("custom_hooks_config"))) {
      if (isObject(custom)) {
        training.custom(new RecordedHooks.AnyHook(), Priority.NORMAL);
      } else {
        for (HooksSection.Custom read : RecordedHooks.custom(JSON.createArrayNode().add(custom))) {
          Hook hook = read.hook().create(recorded.parts());
          training.custom(hook, read.priority().orElseGet(hook::priority));
        }
      }
    }
    errors.throwIfAny();
    OBJECTS.forEach(
        (argument, what) -> {
          if (isObject(arguments.path(argument))) {
            training.add(
                switch (what) {
                  case "lr" -> new LrUpdaterHook(new LrSchedule(new Fixed(), Every.Unit.EPOCH));
                  case "momentum" ->
                      new MomentumUpdaterHook(new MomentumSchedule(Step.at(1), Every.Unit.EPOCH));
                  case "optimizer" -> new OptimizerHook();
                  default -> new CheckpointHook(Every.epochs(1));
                });
          }
        });
    if (isObject(arguments.path("timer_config"))) {
      training.custom(new RecordedHooks.AnyHook(), Priority.LOW);
    }
    return training;
  }

  private static JsonNode withoutObjects(JsonNode arguments) {
    var maps = JSON.createObjectNode();
    arguments
        .properties()
        .forEach(
            argument -> {
              if (argument.getValue().isObject()) {
                maps.set(argument.getKey(), argument.getValue());
              }
            });
    return maps;
  }
}
