package org.djlrunner.examples.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A record of a JSON log as it stands there.
 *
 * @param mode {@code train}, {@code val} or another one
 * @param epoch the epoch shown, from 1; 0 for an evaluation before training
 * @param iter the iteration shown, within the epoch or of the whole run; of an evaluation its
 *     number of batches
 * @param step the training iterations behind the record, which MMCV's logs and training don't say
 * @param values numbers by name, NaN and infinities among them; a rate by optimizer is {@code
 *     OPTIMIZER/lr}
 */
record LogLine(String mode, int epoch, int iter, OptionalInt step, Map<String, Double> values) {
  static final String TRAIN = "train";

  /** A record, empty if the object isn't one. */
  static Optional<LogLine> of(JsonNode object) {
    JsonNode epoch = object.path("epoch");
    JsonNode iter = object.path("iter");
    if (!object.path("mode").isTextual() || !epoch.canConvertToInt() || !iter.canConvertToInt()) {
      return Optional.empty();
    }
    Map<String, Double> values = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              JsonNode value = entry.getValue();
              if (value.isObject()) {
                value
                    .properties()
                    .forEach(
                        part ->
                            number(part.getValue())
                                .ifPresent(n -> values.put(part.getKey() + "/" + name, n)));
              } else {
                number(value).ifPresent(n -> values.put(name, n));
              }
            });
    values.keySet().removeAll(List.of("epoch", "iter", "step"));
    JsonNode step = object.path("step");
    return Optional.of(
        new LogLine(
            object.path("mode").asText(),
            epoch.asInt(),
            iter.asInt(),
            step.canConvertToInt() ? OptionalInt.of(step.asInt()) : OptionalInt.empty(),
            values));
  }

  boolean isTrain() {
    return mode.equals(TRAIN);
  }

  private static Optional<Double> number(JsonNode value) {
    if (value.isNumber()) {
      return Optional.of(value.asDouble());
    }
    return switch (value.asText()) {
      case "NaN" -> Optional.of(Double.NaN);
      case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      default -> Optional.empty();
    };
  }
}
