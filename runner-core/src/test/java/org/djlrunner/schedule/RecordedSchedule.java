package org.djlrunner.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.djlrunner.Every;
import org.jspecify.annotations.Nullable;

/** A recorded {@code lr_config} in our types. */
final class RecordedSchedule {
  private static final Set<String> WARMUPS = Set.of("constant", "linear", "exp");

  private RecordedSchedule() {}

  /** Whether Java's types can express it: steps and warm-up are whole numbers. */
  static boolean isExpressible(JsonNode config) {
    JsonNode step = config.path("step");
    boolean stepped = config.path("policy").asText().equalsIgnoreCase("step");
    boolean whole = step.isInt() || step.isArray();
    for (JsonNode item : step) {
      whole &= item.isInt();
    }
    return (whole || !stepped)
        && (config.path("warmup_iters").isMissingNode() || config.path("warmup_iters").isInt());
  }

  /** Whether it has the values that MMCV takes. */
  static boolean isValid(JsonNode config) {
    boolean above0 = config.path("step").asInt(1) > 0 || config.path("step").isArray();
    for (JsonNode item : config.path("step")) {
      above0 &= item.asInt() > 0;
    }
    double ratio = config.path("warmup_ratio").asDouble(0.1);
    boolean warms =
        WARMUPS.contains(config.path("warmup").asText())
            && config.path("warmup_iters").asInt() > 0
            && ratio > 0
            && ratio <= 1;
    return above0 && (warms || !config.hasNonNull("warmup"));
  }

  static LrSchedule of(JsonNode config) {
    Every.Unit unit = config.path("by_epoch").asBoolean(true) ? Every.Unit.EPOCH : Every.Unit.ITER;
    return new LrSchedule(policy(config), unit, warmup(config));
  }

  /** The same with epochs written as iterations. */
  static LrSchedule inIterations(JsonNode config, int length) {
    ObjectNode counted = config.deepCopy();
    if (config.path("by_epoch").asBoolean(true)) {
      counted.put("by_epoch", false);
      if (config.path("step").isArray()) {
        ArrayNode steps = counted.putArray("step");
        config.path("step").forEach(step -> steps.add(step.asInt() * length));
      } else if (config.has("step")) {
        counted.put("step", config.path("step").asInt() * length);
      }
    }
    if (config.path("warmup_by_epoch").asBoolean()) {
      counted.put("warmup_by_epoch", false);
      counted.put("warmup_iters", config.path("warmup_iters").asInt() * length);
    }
    return of(counted);
  }

  private static LrPolicy policy(JsonNode config) {
    if (config.path("policy").asText().equalsIgnoreCase("fixed")) {
      return new LrPolicy.Fixed();
    }
    JsonNode step = config.path("step");
    List<Integer> steps = new ArrayList<>();
    if (step.isArray()) {
      step.forEach(s -> steps.add(s.asInt()));
    } else {
      steps.add(step.asInt());
    }
    @Nullable Double minLr = config.hasNonNull("min_lr") ? config.get("min_lr").asDouble() : null;
    return new LrPolicy.Step(steps, !step.isArray(), config.path("gamma").asDouble(0.1), minLr);
  }

  private static @Nullable Warmup warmup(JsonNode config) {
    if (!config.hasNonNull("warmup")) {
      return null;
    }
    return new Warmup(
        Warmup.Kind.valueOf(config.get("warmup").asText().toUpperCase(Locale.ROOT)),
        config.path("warmup_iters").asInt(),
        config.path("warmup_by_epoch").asBoolean() ? Every.Unit.EPOCH : Every.Unit.ITER,
        config.path("warmup_ratio").asDouble(0.1));
  }
}
