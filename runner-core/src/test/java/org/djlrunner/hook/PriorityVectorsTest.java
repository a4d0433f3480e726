package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Priorities and the order they make, against what MMCV does. */
@ExtendWith(VectorTally.class)
class PriorityVectorsTest {
  private record Named(String name) implements Hook {}

  static Stream<Case> priorities() {
    // Floats, nulls, booleans and lists can't be written as a priority in Java.
    return Vectors.cases("priority/get_priority.json").filter(c -> expressible(c.at("priority")));
  }

  static Stream<Case> registrations() {
    return Vectors.cases("priority/register_order.json").filter(PriorityVectorsTest::expressible);
  }

  private static boolean expressible(Case c) {
    for (JsonNode entry : c.at("register")) {
      if (!expressible(entry.get(1))) {
        return false;
      }
    }
    return true;
  }

  private static boolean expressible(JsonNode given) {
    return given.isTextual() || given.isInt() || given.has("enum");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(priorities()).hasSize(39);
    assertThat(registrations()).hasSize(31);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("priorities")
  @DisplayName("H01 names and values are MMCV's")
  void values(Case c) {
    c.equal(() -> assertValue(c));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("registrations")
  @DisplayName("H02 the calling order is MMCV's, and the same object is refused twice")
  void order(Case c) {
    c.equal(() -> assertOrder(c));
  }

  private static void assertValue(Case c) {
    JsonNode given = c.at("priority");
    if (c.has("raises")) {
      assertThatThrownBy(() -> priority(given)).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(priority(given).value()).isEqualTo(c.at("value").asInt());
    }
  }

  private static void assertOrder(Case c) {
    Hooks hooks = new Hooks();
    Map<String, Named> known = new HashMap<>();
    int i = 0;
    for (JsonNode entry : c.at("register")) {
      Named hook = known.computeIfAbsent(entry.get(0).asText(), Named::new);
      JsonNode after = c.at("after_each").get(i++);
      if (after.path("raises").isNull()) {
        register(hooks, hook, entry.get(1));
      } else {
        assertThatThrownBy(() -> register(hooks, hook, entry.get(1)))
            .isInstanceOf(IllegalArgumentException.class);
      }
      List<String> expected = new ArrayList<>();
      after.path("order").forEach(name -> expected.add(name.asText()));
      assertThat(hooks).extracting(h -> ((Named) h).name()).isEqualTo(expected);
    }
  }

  private static void register(Hooks hooks, Hook hook, JsonNode given) {
    boolean byDefault = given.asText().equals("<default>");
    hooks.add(hook, byDefault ? hook.priority() : priority(given));
  }

  private static Priority priority(JsonNode given) {
    return given.isInt()
        ? new Priority(given.asInt())
        : Priority.named(given.has("enum") ? given.get("enum").asText() : given.asText());
  }
}
