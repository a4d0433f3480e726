package org.djlrunner.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Averages of logged values against MMCV's; each of its updates is a step here. */
@ExtendWith(VectorTally.class)
class LogBufferVectorsTest {
  /** What a step recorded. */
  private record Update(Map<String, Double> values, int count) {}

  static Stream<Case> recorded() {
    return Vectors.cases("log/log_buffer.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("L18 L01 averages are those of MMCV, over windows of steps")
  void averages(Case c) {
    Set<String> reasons = new TreeSet<>();
    replay(c, reasons, false);
    if (reasons.isEmpty()) {
      c.equal(() -> replay(c, reasons, true));
    } else {
      c.deviation(reasons.toString(), () -> replay(c, reasons, true));
    }
  }

  /** Walks through the operations; collects why we differ, or compares with what is due. */
  private static void replay(Case c, Set<String> reasons, boolean compares) {
    List<Update> updates = new ArrayList<>();
    try (LogBuffer buffer = new LogBuffer()) {
      for (int i = 0; i < c.at("operations").size(); i++) {
        JsonNode operation = c.at("operations").get(i);
        JsonNode after = c.at("after_each").get(i);
        switch (operation.get(0).asText()) {
          case "update" -> {
            if (!operation.get(1).isObject()) {
              reasons.add("values are a map: the compiler sees to it");
              assertThat(updatesTake()).containsOnly(Map.class, String.class);
              continue;
            }
            Update update = update(operation);
            updates.add(update);
            if (update.count() == 0) {
              reasons.add("what has no samples weighs nothing");
            }
            Map<String, Scalar> scalars = new LinkedHashMap<>();
            update.values().forEach((name, value) -> scalars.put(name, Scalar.of(value)));
            buffer.nextStep();
            buffer.update(scalars, update.count());
          }
          case "clear" -> {
            updates.clear();
            buffer.clear();
          }
          case "average" -> {
            int n = operation.path(1).asInt(0);
            if (n < 0) {
              assertThatThrownBy(() -> buffer.average(n))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThat(after.hasNonNull("raises")).isTrue();
              continue;
            }
            if (n > 0 && isStale(updates, n)) {
              reasons.add("Q-R25");
            }
            if (compares) {
              Map<String, Double> ours = n == 0 ? buffer.average() : buffer.average(n);
              assertClose(ours, reasons.isEmpty() ? numbers(after) : means(updates, n));
            }
          }
          default -> assertThat(operation.get(0).asText()).isEqualTo("clear_output");
        }
      }
    }
  }

  private static Update update(JsonNode operation) {
    Map<String, Double> values = new LinkedHashMap<>();
    operation.get(1).properties().forEach(e -> values.put(e.getKey(), e.getValue().asDouble()));
    return new Update(values, operation.path(2).asInt(1));
  }

  private static Set<Class<?>> updatesTake() {
    Set<Class<?>> types = new LinkedHashSet<>();
    Arrays.stream(LogBuffer.class.getMethods())
        .filter(method -> method.getName().equals("update"))
        .map(Method::getParameterTypes)
        .forEach(parameters -> types.add(parameters[0]));
    return types;
  }

  /** Whether MMCV would reach behind the last n steps, for a name that is not in all of them. */
  private static boolean isStale(List<Update> updates, int n) {
    int begin = Math.max(0, updates.size() - n);
    for (Update earlier : updates.subList(0, begin)) {
      for (String name : earlier.values().keySet()) {
        for (Update within : updates.subList(begin, updates.size())) {
          if (!within.values().containsKey(name)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static Map<String, Double> means(List<Update> updates, int n) {
    List<Update> window =
        updates.subList(n == 0 ? 0 : Math.max(0, updates.size() - n), updates.size());
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (Update update : window) {
      update
          .values()
          .forEach(
              (name, value) -> {
                sums.merge(name, value * update.count(), Double::sum);
                weights.merge(name, (double) update.count(), Double::sum);
              });
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach(
        (name, sum) -> {
          double weight = weights.getOrDefault(name, 0.0);
          if (weight > 0) {
            means.put(name, sum / weight);
          }
        });
    return means;
  }

  private static Map<String, Double> numbers(JsonNode after) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    after
        .path("output")
        .properties()
        .forEach(e -> numbers.put(e.getKey(), e.getValue().asDouble()));
    return numbers;
  }

  private static void assertClose(Map<String, Double> ours, Map<String, Double> expected) {
    assertThat(ours).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, value) -> assertThat(ours.get(name)).as(name).isCloseTo(value, within(1e-12)));
  }
}
