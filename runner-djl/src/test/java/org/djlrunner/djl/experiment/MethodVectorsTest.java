package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Runner;
import org.djlrunner.RunnerBuilder;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.data.ImageBatch;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Stage;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.MomentumConfig;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.JavaSnippet;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Single methods of a fresh runner, against MMCV. */
@ExtendWith(VectorTally.class)
class MethodVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("errors/methods.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R21 H01 C02 methods answer and refuse as MMCV's")
  void method(Case c) {
    JsonNode argument = c.at("arguments").path(0);
    switch (c.at("method").asText()) {
      case "current_lr", "current_momentum" -> c.equal(() -> assertCurrent(c));
      case "call_hook" -> {
        boolean known = Stream.of(Stage.values()).anyMatch(s -> named(s, argument));
        if (known == c.at("raises").isNull()) {
          c.equal(() -> assertRefused(!known, () -> Stage.named(argument.asText())));
        } else {
          c.deviation("Q-R39", () -> assertRefused(!known, () -> Stage.named(argument.asText())));
        }
      }
      case "register_logger_hooks" -> {
        boolean completed =
            argument.isObject() && !(argument.has("interval") && argument.has("hooks"));
        if (completed) {
          c.deviation("Q-R36", () -> assertRefused(false, () -> register(c)));
        } else {
          assertAsRecorded(c);
        }
      }
      default -> assertAsRecorded(c);
    }
  }

  private static boolean named(Stage stage, JsonNode name) {
    return stage.toString().equals(name.asText());
  }

  private void assertAsRecorded(Case c) {
    c.equal(() -> assertRefused(c.has("raises"), () -> register(c)));
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  private static void assertRefused(boolean refused, Call call) throws Exception {
    if (refused) {
      assertThatThrownBy(call::run).isInstanceOf(RuntimeException.class);
    } else {
      call.run();
    }
  }

  private static void assertCurrent(Case c) {
    try (DjlModelStep<ImageBatch> model = model();
        DjlModelStep<ImageBatch> second = model();
        Optimizer sgd =
            Components.shipped().buildOptimizer(model, Map.of("type", "SGD", "lr", 0.1))) {
      Map<String, Optimizer> optimizers = new LinkedHashMap<>();
      switch (c.at("optimizer").asText()) {
        case "$optimizer" -> optimizers.put(RunnerBuilder.DEFAULT_OPTIMIZER, sgd);
        case "$optimizers" -> {
          optimizers.put("a", sgd);
          optimizers.put("b", Components.shipped().buildOptimizer(second, Map.of("type", "Adam")));
        }
        default -> assertThat(c.at("optimizer").isNull()).isTrue();
      }
      Runner<FakeBatch> runner = runner(c, optimizers);
      boolean rates = c.at("method").asText().equals("current_lr");
      if (c.has("raises")) {
        assertThatThrownBy(() -> values(runner, rates))
            .hasMessageContaining("without an optimizer");
      } else {
        Map<String, List<Double>> expected = new LinkedHashMap<>();
        if (c.at("returns").isArray()) {
          expected.put(RunnerBuilder.DEFAULT_OPTIMIZER, numbers(c.at("returns")));
        } else {
          c.at("returns")
              .properties()
              .forEach(p -> expected.put(p.getKey(), numbers(p.getValue())));
        }
        assertThat(values(runner, rates)).isEqualTo(expected);
      }
      optimizers.values().stream().filter(o -> o != sgd).forEach(Optimizer::close);
    }
  }

  private static DjlModelStep<ImageBatch> model() {
    LeNet5 network = new LeNet5(10);
    return new DjlModelStep<>(
        network, CrossEntropyLoss.hard(), Device.cpu(), 0, network.inputShape());
  }

  private static Map<String, List<Double>> values(Runner<?> runner, boolean rates) {
    return rates ? runner.currentLr() : runner.currentMomentum();
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static Runner<FakeBatch> runner(Case c, Map<String, Optimizer> optimizers) {
    RunnerBuilder<FakeBatch, ? extends Runner<FakeBatch>> builder =
        c.at("runner").asText().startsWith("Epoch")
            ? EpochBasedRunner.builder(new FakeStep(), 1)
            : IterBasedRunner.builder(new FakeStep(), 1);
    optimizers.forEach(builder::optimizer);
    return builder.build();
  }

  /** Registers what the case gives, as its kind of hook. */
  private void register(Case c) throws IOException {
    JsonNode argument = c.at("arguments").path(0);
    String method = c.at("method").asText();
    Every.Unit unit =
        c.at("runner").asText().startsWith("Epoch") ? Every.Unit.EPOCH : Every.Unit.ITER;
    Runner<FakeBatch> runner = runner(c, Map.of());
    boolean list = method.equals("register_custom_hooks") && argument.isArray();
    if (argument.isNull()) {
      return; // Absent in a config.
    }
    if (!argument.isObject() && !list) {
      registerObject(c, argument, runner);
      return;
    }
    ConfigErrors errors = new ConfigErrors();
    switch (method) {
      case "register_hook" -> registerObject(c, argument, runner);
      case "register_lr_hook" -> {
        Optional<?> schedule = LrConfig.read(RecordedHooks.reader(argument, errors), unit);
        assertThat(schedule.isPresent() || !errors.isEmpty()).isTrue();
      }
      case "register_momentum_hook" -> {
        Optional<?> schedule = MomentumConfig.read(RecordedHooks.reader(argument, errors), unit);
        assertThat(schedule.isPresent() || !errors.isEmpty()).isTrue();
      }
      case "register_optimizer_hook" -> UpdateSection.read(section("optimizer_config", c, errors));
      case "register_checkpoint_hook" ->
          CheckpointSection.read(RecordedHooks.reader(argument, errors), unit);
      case "register_logger_hooks" ->
          HooksSection.loggers(Optional.of(RecordedHooks.reader(argument, errors)), unit);
      case "register_timer_hook", "register_custom_hooks", "register_hook_from_cfg" -> {
        ArrayNode entries = JSON.createArrayNode();
        (list ? argument : entries.arrayNode().add(argument)).forEach(entries::add);
        if (argument.path("type").asText().equals("ClosureHook")) {
          // A config holds no functions; in code it is one line.
          runner.registerHook(
              Hook.at(Stage.named(argument.path("fn_name").asText()), context -> {}));
        } else {
          RecordedHooks.custom(entries);
        }
      }
      default -> throw new IllegalArgumentException(method);
    }
    errors.throwIfAny();
  }

  private static ConfigReader section(String key, Case c, ConfigErrors errors) {
    return RecordedHooks.reader(
        JSON.createObjectNode().set(key, c.at("arguments").path(0)), errors);
  }

  /** A hook object is registered; whatever else is given the compiler refuses. */
  private void registerObject(Case c, JsonNode given, Runner<FakeBatch> runner) throws IOException {
    if (given.asText().equals("$hook")
        && !c.at("method").asText().equals("register_hook_from_cfg")) {
      Hook hook = new RecordedHooks.AnyHook();
      JsonNode priority = c.at("arguments").path(1);
      runner.registerHook(
          hook, priority.isMissingNode() ? hook.priority() : RecordedHooks.priority(priority));
      return;
    }
    String object =
        switch (given.asText()) {
          case "$hook" -> "Map.of(\"type\", new Hook() {})";
          case "$hook_class" -> "Hook.class";
          case "$object" -> "new Object()";
          default -> given.isTextual() ? given.toString() : "Map.of(\"type\", \"IterTimerHook\")";
        };
    Path own = Files.createTempDirectory(folder, "snippet");
    JavaSnippet.compile(
        own,
        "Register",
        """
        import java.util.Map;
        import org.djlrunner.*;
        import org.djlrunner.hook.*;
        public class Register {
          public static void register(Runner<?> runner) { runner.registerHook(%s); }
        }
        """
            .formatted(object));
  }
}
