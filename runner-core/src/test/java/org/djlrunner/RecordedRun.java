package org.djlrunner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.build.RunnerTypes;
import org.djlrunner.build.WorkflowConfig;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.hook.Hook;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.Vectors.Case;

/** Runs what a recorded case describes, runner and workflow built from a config. */
final class RecordedRun {
  private RecordedRun() {}

  /**
   * Builds the case's runner and runs its workflow.
   *
   * @throws RuntimeException if runner or workflow is refused
   */
  static RunResult run(Case c, FakeStep step, List<FakeLoader> loaders, Hook... hooks) {
    Runner<FakeBatch> runner = runner(c, step);
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    return runner.run(loaders, workflow(c, step));
  }

  private static Runner<FakeBatch> runner(Case c, FakeStep step) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("type", c.at("runner").asText());
    if (limit(c).isNumber()) {
      config.put(limitName(c), limit(c).numberValue());
    }
    JsonNode start = c.at("start");
    return RunnerTypes.shipped()
        .build(config, Map.of())
        .builder(step)
        .startAt(start.path("epoch").asInt(), start.path("iter").asInt())
        .build();
  }

  private static Workflow workflow(Case c, ModelStep<?> step) {
    ConfigErrors errors = new ConfigErrors();
    Config config = Config.parse("{\"workflow\": " + c.at("workflow") + "}", "workflow.json");
    var workflow = WorkflowConfig.read(config.reader(errors), step.modes());
    errors.throwIfAny();
    return workflow.orElseThrow();
  }

  static List<FakeLoader> loaders(Case c) {
    List<FakeLoader> loaders = new ArrayList<>();
    for (JsonNode length : c.at("loader_lengths")) {
      loaders.add(FakeLoader.of(length.asInt()));
    }
    return loaders;
  }

  static boolean isByEpoch(Case c) {
    return c.at("runner").asText().startsWith("Epoch");
  }

  private static String limitName(Case c) {
    return isByEpoch(c) ? "max_epochs" : "max_iters";
  }

  /** The limit; what run is given counts. */
  static JsonNode limit(Case c) {
    JsonNode given = c.at("run_kwargs").path(limitName(c));
    return given.isMissingNode() || given.isNull() ? c.at(limitName(c)) : given;
  }

  /** The counters that the run begins with. */
  static int start(Case c, String counter) {
    return c.at("start").path(counter).asInt();
  }

  /** The lengths of the loaders of all flows of a mode that do something. */
  static List<Integer> lengths(Case c, String mode) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < c.at("workflow").size(); i++) {
      JsonNode flow = c.at("workflow").get(i);
      if (flow.get(0).asText().equals(mode) && flow.get(1).asInt() > 0) {
        lengths.add(c.at("loader_lengths").path(i).asInt());
      }
    }
    return lengths;
  }

  /**
   * Whether MMCV's max_iters is not the number of iterations that the run will have done: training
   * flows have loaders of different length, or the run goes on from counters of another length.
   */
  static boolean isPlannedElsewise(Case c) {
    List<Integer> training = new ArrayList<>();
    for (int i = 0; i < c.at("workflow").size(); i++) {
      if (c.at("workflow").get(i).get(0).asText().equals("train")) {
        training.add(c.at("loader_lengths").path(i).asInt());
      }
    }
    int behind = start(c, "epoch") * training.get(0);
    boolean beyond = start(c, "epoch") > limit(c).asInt();
    return training.stream().distinct().count() > 1 || start(c, "iter") != behind || beyond;
  }

  /**
   * What we refuse before a run begins: nothing to train, loaders without data, unknown modes,
   * limits that are no whole numbers above 0, flows that are no pairs of a name and a whole number
   * of 0 or more, another number of loaders than flows.
   */
  static boolean isRefused(Case c) {
    for (JsonNode flow : c.at("workflow")) {
      if (flow.size() != 2
          || !flow.get(0).asText().matches("train|val")
          || !flow.get(1).isInt()
          || flow.get(1).asInt() < 0) {
        return true;
      }
    }
    List<Integer> training = lengths(c, "train");
    return training.isEmpty()
        || training.contains(0)
        || lengths(c, "val").contains(0)
        || !limit(c).isInt()
        || limit(c).asInt() < 1
        || c.at("workflow").size() != c.at("loader_lengths").size();
  }

  /** Whether MMCV refuses it as we do, before any hook is called. */
  static boolean isRefusedByBoth(Case c) {
    return c.has("raises") && c.at("rows").isEmpty();
  }
}
