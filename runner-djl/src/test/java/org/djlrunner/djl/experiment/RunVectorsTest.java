package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Runner;
import org.djlrunner.build.RunnerTypes;
import org.djlrunner.build.WorkflowConfig;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.LrConfig;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.JavaSnippet;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole runs that MMCV accepts, refuses, or fails in. */
@ExtendWith(VectorTally.class)
class RunVectorsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  static Stream<Case> recorded() {
    return Vectors.cases("errors/run.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R09 R22 C02 H10 runs are accepted, refused and ended by our rules, else as MMCV's")
  void runs(Case c) {
    RunOutcome outcome = RunOutcome.of(c);
    boolean byEpoch = c.at("runner").asText().startsWith("Epoch");
    boolean sameRefusal =
        outcome == RunOutcome.REFUSED && c.has("raises") && c.at("events_started").isEmpty();
    boolean sameRun = outcome == RunOutcome.RUNS && !c.has("raises") && byEpoch && !hasKeywords(c);
    if (sameRefusal || sameRun) {
      c.equal(() -> assertOutcome(c, outcome));
    } else {
      c.deviation(quirk(c, outcome, byEpoch), () -> assertOutcome(c, outcome));
    }
  }

  /** The one row of the list of deviations that tells ours from MMCV's. */
  private static String quirk(Case c, RunOutcome outcome, boolean byEpoch) {
    if (outcome == RunOutcome.FAILS) {
      return "Q-R3";
    }
    if (outcome == RunOutcome.REFUSED && !c.has("raises")) {
      return "Q-R8";
    }
    if (outcome == RunOutcome.RUNS && !c.has("raises")) {
      return hasKeywords(c) ? "Q-R2" : byEpoch ? "Q-R41" : "Q-R5";
    }
    return "Q-R41";
  }

  private static boolean hasKeywords(Case c) {
    return c.at("run_keywords").properties().stream()
        .anyMatch(keyword -> !keyword.getKey().startsWith("max_"));
  }

  private void assertOutcome(Case c, RunOutcome outcome) throws IOException {
    RecordingHook recording = new RecordingHook();
    if (outcome == RunOutcome.RUNS) {
      run(c, recording);
    } else {
      assertThatThrownBy(() -> run(c, recording)).isInstanceOf(RuntimeException.class);
    }
    boolean byEpoch = c.at("runner").asText().startsWith("Epoch");
    List<String> seen = stages(recording, byEpoch);
    List<String> recordedStages = new ArrayList<>();
    c.at("events_started")
        .forEach(
            event -> {
              if (byEpoch || !event.asText().endsWith("_epoch")) {
                recordedStages.add(event.asText());
              }
            });
    switch (outcome) {
      case REFUSED -> assertThat(seen).isEmpty();
      case UNMET -> assertThat(seen).containsExactly("before_run", "after_run");
      case FAILS -> {
        recordedStages.add("after_run");
        assertThat(seen).isEqualTo(recordedStages);
      }
      case RUNS -> {
        if (c.has("raises")) {
          assertThat(seen).startsWith("before_run").endsWith("after_run");
          assertThat(seen).filteredOn("before_train_iter"::equals).hasSize(iterations(c));
        } else {
          assertThat(seen).isEqualTo(recordedStages);
        }
      }
    }
  }

  /** In iteration-based runs MMCV has no epoch stages. */
  private static List<String> stages(RecordingHook recording, boolean byEpoch) {
    return recording.stages().stream()
        .map(Object::toString)
        .filter(stage -> byEpoch || !stage.endsWith("_epoch"))
        .toList();
  }

  /** Training iterations of a case with one train flow. */
  private static int iterations(Case c) {
    int limit = RunOutcome.limit(c).asInt();
    int length = 0;
    JsonNode loaders = RunOutcome.plain(c.at("loaders"));
    for (int f = 0; f < loaders.size(); f++) {
      if (RunOutcome.plain(c.at("workflow")).get(f).get(0).asText().equals("train")) {
        length = length(loaders.get(f));
      }
    }
    return c.at("runner").asText().startsWith("Epoch") ? limit * length : limit;
  }

  private static int length(JsonNode loader) {
    return Integer.parseInt(loader.asText().replace("$loader", ""));
  }

  private void run(Case c, RecordingHook recording) throws IOException {
    try (RecordedHooks parts = new RecordedHooks()) {
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("type", c.at("runner").asText());
      if (!RunOutcome.limit(c).isMissingNode()) {
        String name = c.at("runner").asText().startsWith("Epoch") ? "max_epochs" : "max_iters";
        config.put(name, JSON.convertValue(RunOutcome.limit(c), Object.class));
      }
      ModelStep<FakeBatch> model = model(c);
      var builder = RunnerTypes.shipped().build(config, Map.of()).builder(model);
      switch (c.at("optimizer").asText()) {
        case "$optimizer" -> builder.optimizer(new FakeOptimizer(0.1));
        case "$optimizers" -> {
          builder.optimizer("a", new FakeOptimizer(0.1));
          builder.optimizer("b", new FakeOptimizer(0.001));
        }
        default -> assertThat(c.at("optimizer").isTextual()).isFalse();
      }
      if (c.at("has_work_dir").asBoolean()) {
        builder.workDir(folder.resolve("work"));
      }
      Runner<FakeBatch> runner = builder.build();
      runner.registerHook(recording, Priority.HIGHEST);
      registerHooks(c, runner, parts);
      List<FakeLoader> loaders = new ArrayList<>();
      RunOutcome.plain(c.at("loaders"))
          .forEach(loader -> loaders.add(FakeLoader.of(length(loader))));
      ConfigErrors errors = new ConfigErrors();
      ConfigReader root =
          Config.parse("{\"workflow\": " + RunOutcome.plain(c.at("workflow")) + "}", "case.json")
              .reader(errors);
      var workflow = WorkflowConfig.read(root, model.modes());
      errors.throwIfAny();
      runner.run(loaders, workflow.orElseThrow());
    }
  }

  private void registerHooks(Case c, Runner<?> runner, RecordedHooks parts) throws IOException {
    Every.Unit unit =
        c.at("runner").asText().startsWith("Epoch") ? Every.Unit.EPOCH : Every.Unit.ITER;
    for (JsonNode hook : c.at("hooks")) {
      ConfigErrors errors = new ConfigErrors();
      JsonNode given = hook.get(1);
      switch (hook.get(0).asText()) {
        case "optimizer" ->
            runner.registerHook(
                new OptimizerHook(
                    UpdateSection.read(
                        RecordedHooks.reader(
                            JSON.createObjectNode().set("optimizer_config", given), errors))));
        case "lr" ->
            LrConfig.read(RecordedHooks.reader(given, errors), unit)
                .ifPresent(plan -> runner.registerHook(new LrUpdaterHook((LrSchedule) plan)));
        case "checkpoint" ->
            runner.registerHook(CheckpointSection.read(RecordedHooks.reader(given, errors), unit));
        case "logger" ->
            HooksSection.loggers(Optional.of(RecordedHooks.reader(given, errors)), unit)
                .forEach(runner::registerHook);
        case "custom", "timer" -> {
          for (JsonNode entry : RunOutcome.list(given)) {
            requireHook(entry);
            for (HooksSection.Custom read :
                RecordedHooks.custom(JSON.createArrayNode().add(entry))) {
              Hook built = read.hook().create(parts.parts());
              runner.registerHook(built, read.priority().orElseGet(built::priority));
            }
          }
        }
        default -> throw new IllegalArgumentException(hook.toString());
      }
      errors.throwIfAny();
    }
  }

  /** What is no hook can't be registered in code. */
  private void requireHook(JsonNode entry) throws IOException {
    if (!entry.isObject()) {
      snippet("void register(org.djlrunner.Runner<?> r) { r.registerHook(new Object()); }");
    }
  }

  private void snippet(String method) throws IOException {
    Path own = Files.createTempDirectory(folder, "snippet");
    JavaSnippet.compile(
        own,
        "Snippet",
        "import java.util.*; import org.djlrunner.spi.*; import org.djlrunner.metric.*;"
            + "public class Snippet {"
            + method
            + "}");
  }

  private ModelStep<FakeBatch> model(Case c) throws IOException {
    for (String step : List.of("train_step_returns", "val_step_returns")) {
      JsonNode returned = c.at(step);
      if (!RunOutcome.isOutput(returned)) {
        snippet(
            returned.isObject()
                ? "StepOutput step() { return new StepOutput(null, List.of(1.0), 1, () -> {}); }"
                : "StepOutput step() { return (StepOutput) List.of(1, 2).get(0); }"
                    + "StepOutput other() { return \"x\"; }");
      }
    }
    if (c.at("model").asText().endsWith("without_val_step")) {
      return new TrainOnly(c.at("train_step_returns"));
    }
    return new Both(c.at("train_step_returns"), c.at("val_step_returns"));
  }

  private static StepOutput output(JsonNode returned, boolean training) {
    boolean standard = returned.isMissingNode();
    Map<String, Scalar> logVars = new LinkedHashMap<>();
    if (standard) {
      logVars.put("a", Scalar.of(1));
    }
    returned
        .path("log_vars")
        .properties()
        .forEach(p -> logVars.put(p.getKey(), Scalar.of(p.getValue().asDouble())));
    boolean loss = training && (standard || RunOutcome.lossIn(returned));
    int samples = RunOutcome.uncounted(returned) ? 0 : returned.path("num_samples").asInt(1);
    return new StepOutput(loss ? scale -> {} : null, logVars, samples, () -> {});
  }

  private record TrainOnly(JsonNode train) implements ModelStep<FakeBatch> {
    @Override
    public StepOutput trainStep(FakeBatch batch, StepContext context) {
      return output(train, true);
    }

    @Override
    public Scope enter(Mode mode) {
      return () -> {};
    }
  }

  private record Both(JsonNode train, JsonNode val) implements ModelStep<FakeBatch> {
    @Override
    public StepOutput trainStep(FakeBatch batch, StepContext context) {
      return output(train, true);
    }

    @Override
    public StepOutput valStep(FakeBatch batch, StepContext context) {
      return output(val, false);
    }

    @Override
    public Scope enter(Mode mode) {
      return () -> {};
    }
  }
}
