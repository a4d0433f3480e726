package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Hooks;
import org.djlrunner.hook.Priority;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.testkit.HookClasses;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks registered from configs, configs used twice, and the table of hooks, against MMCV. */
@ExtendWith(VectorTally.class)
class HookConfigVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> registered() {
    return Vectors.cases("priority/register_from_config.json");
  }

  static Stream<Case> reused() {
    return Vectors.cases("priority/config_reuse.json");
  }

  static Stream<Case> tables() {
    return Vectors.cases("priority/hook_info.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("registered")
  @DisplayName("H01 C02 C05 hooks from configs stand where MMCV's do")
  void fromConfig(Case c) {
    boolean own = false;
    boolean missing = false;
    boolean otherwise = false;
    for (JsonNode config : c.at("configs")) {
      own |= ownPriority(config).isPresent();
      missing |= isNotHere(config);
      otherwise |= RecordedHooks.isReadOtherwise(config.path("priority"));
    }
    if (own || missing || otherwise) {
      c.deviation("Q-R11, Q-R35; hooks not here", () -> assertRegistered(c, true));
    } else {
      c.equal(() -> assertRegistered(c, false));
    }
  }

  /** Our own hooks have priorities of their own where the config gives none. */
  private static Optional<Priority> ownPriority(JsonNode config) {
    return config.has("priority")
        ? Optional.empty()
        : switch (config.path("type").asText()) {
          case "IterTimerHook" -> Optional.of(Priority.LOW);
          case "CheckpointHook" -> Optional.of(Priority.VERY_LOW);
          case "EMAHook" -> Optional.of(new Priority(45));
          default -> Optional.empty();
        };
  }

  /** MMCV's hooks that we lack; what is no hook of MMCV's is refused by both. */
  private static boolean isNotHere(JsonNode config) {
    String type = config.path("type").asText();
    return type.endsWith("Hook")
        && !type.equals("NoSuchHook")
        && (type.equals("ClosureHook")
            || !RecordedHooks.components().hooks().types().contains(type));
  }

  /** The recorded order, with our own priorities and without what we lack. */
  private static void assertRegistered(Case c, boolean deviates) {
    try (RecordedHooks recorded = new RecordedHooks()) {
      Hooks hooks = new Hooks();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < c.at("configs").size(); i++) {
        JsonNode config = c.at("configs").get(i);
        String before = config.toString();
        JsonNode after = c.at("after_each").get(i);
        boolean refused =
            after.hasNonNull("raises") || isNotHere(config) || config.path("priority").has("bool");
        ArrayNode entries = JSON.createArrayNode().add(plain(config));
        if (refused) {
          assertThatThrownBy(() -> RecordedHooks.custom(entries))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("custom_hooks[0]");
        } else {
          recorded.register(hooks, RecordedHooks.custom(entries).get(0));
        }
        assertThat(config.toString()).isEqualTo(before);
        if (deviates) {
          if (!refused) {
            insert(expected, config, after);
          }
        } else {
          expected.clear();
          after
              .path("order")
              .forEach(
                  entry ->
                      expected.add(
                          RecordedHooks.ours(entry.get(0).asText())
                              + " at "
                              + entry.get(2).asInt()));
        }
        assertThat(RecordedHooks.describe(hooks)).isEqualTo(expected);
      }
    }
  }

  private static void insert(List<String> expected, JsonNode config, JsonNode after) {
    String type = config.path("type").asText();
    int value =
        ownPriority(config)
            .map(Priority::value)
            .orElseGet(
                () ->
                    config.path("priority").isMissingNode()
                        ? 50
                        : RecordedHooks.priority(config.path("priority")).value());
    int place = 0;
    while (place < expected.size()
        && Integer.parseInt(expected.get(place).replaceFirst(".* at ", "")) <= value) {
      place++;
    }
    expected.add(place, RecordedHooks.ours(type) + " at " + value);
    assertThat(after.path("raises").isNull()).isTrue();
  }

  /** Without the recording's wrappers of priorities. */
  private static JsonNode plain(JsonNode config) {
    if (config.path("priority").isObject()) {
      JsonNode wrapped = config.path("priority");
      return ((ObjectNode) config.deepCopy())
          .set("priority", wrapped.has("null") ? JSON.nullNode() : wrapped.elements().next());
    }
    return config;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("reused")
  @DisplayName("C05 a config can be used again: nothing changes it")
  void reused(Case c) {
    boolean mutates = false;
    for (JsonNode call : c.at("calls")) {
      mutates |= call.hasNonNull("raises") || !call.path("config_after").equals(c.at("config"));
    }
    // MMCV takes the policy out and puts a type in, where there is none.
    boolean changed =
        List.of("lr", "momentum").contains(c.at("which").asText())
            || (!c.at("config").has("type")
                && List.of("optimizer", "checkpoint").contains(c.at("which").asText()));
    assertThat(mutates).as("the rule tells from the inputs").isEqualTo(changed);
    if (changed) {
      c.deviation("Q-R30", () -> assertReused(c));
    } else {
      c.equal(() -> assertReused(c));
    }
  }

  private static void assertReused(Case c) {
    String before = c.at("config").toString();
    assertThat(read(c)).isPositive().isEqualTo(read(c));
    assertThat(c.at("config").toString()).isEqualTo(before);
  }

  /** Reads the section and returns how many hooks it gives. */
  private static int read(Case c) {
    ConfigErrors errors = new ConfigErrors();
    JsonNode config = c.at("config");
    int hooks =
        switch (c.at("which").asText()) {
          case "lr" -> size(LrConfig.read(reader(config, errors), Every.Unit.EPOCH));
          case "momentum" -> size(MomentumConfig.read(reader(config, errors), Every.Unit.EPOCH));
          case "optimizer" -> {
            UpdateSection.read(root("optimizer_config", config, errors));
            yield 1;
          }
          case "checkpoint" -> {
            CheckpointSection.read(reader(config, errors), Every.Unit.EPOCH);
            yield 1;
          }
          case "logger" ->
              HooksSection.loggers(Optional.of(reader(config, errors)), Every.Unit.EPOCH).size();
          // The timer is among the hooks that a config can name.
          case "timer", "custom" -> RecordedHooks.custom(JSON.createArrayNode().add(config)).size();
          default -> throw new IllegalArgumentException(c.at("which").asText());
        };
    errors.throwIfAny();
    return hooks;
  }

  private static int size(Optional<?> one) {
    return one.isPresent() ? 1 : 0;
  }

  private static ConfigReader reader(JsonNode config, ConfigErrors errors) {
    return RecordedHooks.reader(config, errors);
  }

  private static ConfigReader root(String key, JsonNode config, ConfigErrors errors) {
    return reader(JSON.createObjectNode().set(key, config), errors);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("tables")
  @DisplayName("H02 H11 the table of hooks is MMCV's to the letter")
  void table(Case c) {
    c.equal(
        () -> {
          Hooks hooks = new Hooks();
          for (JsonNode entry : c.at("hooks")) {
            List<String> methods = new ArrayList<>();
            entry.get(1).forEach(method -> methods.add(method.asText()));
            Hook hook = HookClasses.overriding(folder, entry.get(0).asText(), methods);
            hooks.add(hook, RecordedHooks.priority(entry.get(2)));
          }
          List<String> lines = new ArrayList<>();
          c.at("text_lines").forEach(line -> lines.add(line.asText()));
          // The recording has no end of its last line.
          assertThat(hooks.describe().replaceFirst("\n$", "")).isEqualTo(String.join("\n", lines));
        });
  }
}
