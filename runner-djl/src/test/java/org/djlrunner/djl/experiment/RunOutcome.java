package org.djlrunner.djl.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.testkit.Vectors.Case;

/** What becomes of a recorded run here, by our rules, from its inputs. */
enum RunOutcome {
  /** Refused before any hook is called. */
  REFUSED,
  /** A hook's precondition fails: {@code before_run}, then {@code after_run}. */
  UNMET,
  /** Fails where MMCV fails, with {@code after_run} behind it. */
  FAILS,
  /** Runs to its end. */
  RUNS;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What our rules make of a case's inputs. */
  static RunOutcome of(Case c) {
    if (isRefused(c)) {
      return RunOutcome.REFUSED;
    }
    boolean optimizer = c.at("optimizer").isTextual();
    boolean loses = c.at("train_step_returns").isObject() && !lossIn(c.at("train_step_returns"));
    for (JsonNode hook : c.at("hooks")) {
      String kind = hook.get(0).asText();
      if (List.of("optimizer", "lr").contains(kind) && !optimizer) {
        return RunOutcome.UNMET;
      }
      if (kind.equals("checkpoint") && !c.at("has_work_dir").asBoolean()) {
        return RunOutcome.UNMET;
      }
      if (kind.equals("optimizer") && loses) {
        return RunOutcome.FAILS;
      }
    }
    boolean uncounted =
        uncounted(c.at("train_step_returns"))
            || (validates(c) && uncounted(c.at("val_step_returns")));
    boolean noVal = c.at("model").asText().endsWith("without_val_step") && validates(c);
    return uncounted || noVal ? RunOutcome.FAILS : RunOutcome.RUNS;
  }

  static boolean lossIn(JsonNode returned) {
    return returned.has("loss");
  }

  static boolean uncounted(JsonNode returned) {
    return returned.has("log_vars") && !returned.has("num_samples");
  }

  static boolean validates(Case c) {
    for (JsonNode flow : plain(c.at("workflow"))) {
      if (flow.path(0).asText().equals("val") && flow.path(1).asInt() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Limits, workflows, results and hooks that are refused before the run. */
  static boolean isRefused(Case c) {
    boolean trains = false;
    boolean known = true;
    for (JsonNode flow : plain(c.at("workflow"))) {
      boolean train = flow.path(0).asText().equals("train");
      known &=
          flow.size() == 2
              && (train || flow.path(0).asText().equals("val"))
              && flow.path(1).isInt()
              && flow.path(1).asInt() >= 0;
      trains |= train && flow.path(1).asInt() > 0;
    }
    JsonNode limit = limit(c);
    return !limit.isInt()
        || limit.asInt() < 1
        || !known
        || !trains
        || plain(c.at("workflow")).size() != plain(c.at("loaders")).size()
        || c.at("model").asText().matches(".*without_(train_step|steps)")
        || !isOutput(c.at("train_step_returns"))
        || !isOutput(c.at("val_step_returns"))
        || hasRefusedHook(c);
  }

  /** Whether Java's type for results can hold it. */
  static boolean isOutput(JsonNode returned) {
    return returned.isMissingNode()
        || (returned.isObject()
            && (!returned.has("log_vars") || returned.get("log_vars").isObject()));
  }

  static boolean hasRefusedHook(Case c) {
    if (c.at("raises").path("phase").asText().equals("register")) {
      return true;
    }
    for (JsonNode hook : c.at("hooks")) {
      String kind = hook.get(0).asText();
      if (kind.equals("momentum") || (kind.equals("lr") && lacksPolicy(hook.get(1)))) {
        return true;
      }
      if (hook.get(0).asText().equals("custom")) {
        for (JsonNode entry : list(hook.get(1))) {
          String type = entry.path("type").asText();
          boolean here =
              !type.equals("ClosureHook")
                  && RecordedHooks.components().hooks().types().contains(type);
          if (!here) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Policies that are planned. */
  static boolean lacksPolicy(JsonNode config) {
    ConfigErrors errors = new ConfigErrors();
    var unused =
        ScheduleSection.read(
            RecordedHooks.reader(config, errors), Every.Unit.EPOCH, Set.of("default"));
    return errors.messages().stream().anyMatch(message -> message.contains("unknown policy"));
  }

  static JsonNode limit(Case c) {
    String name = c.at("runner").asText().startsWith("Epoch") ? "max_epochs" : "max_iters";
    JsonNode given = c.at("run_keywords").path(name);
    return given.isInt() ? given : c.at("limits").path(name);
  }

  static List<JsonNode> list(JsonNode oneOrMany) {
    List<JsonNode> list = new ArrayList<>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(list::add);
    } else {
      list.add(oneOrMany);
    }
    return list;
  }

  /** Tuples as lists, all the way down. */
  static JsonNode plain(JsonNode node) {
    JsonNode items = node.has("$tuple") ? node.get("$tuple") : node;
    if (!items.isArray()) {
      return items;
    }
    ArrayNode plain = JSON.createArrayNode();
    items.forEach(item -> plain.add(plain(item)));
    return plain;
  }
}
