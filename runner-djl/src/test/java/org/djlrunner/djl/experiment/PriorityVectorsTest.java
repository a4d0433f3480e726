package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.Priority;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Priorities and the order they make, against what MMCV does. */
@ExtendWith(VectorTally.class)
class PriorityVectorsTest {
  /** Notes when it is called. */
  private record Named(String name, List<String> called) implements Hook {
    @Override
    public void beforeRun(HookContext context) {
      called.add(name);
    }
  }

  static Stream<Case> priorities() {
    return Vectors.cases("priority/get_priority.json");
  }

  static Stream<Case> registrations() {
    return Vectors.cases("priority/register_order.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("priorities")
  @DisplayName("H01 names and values are MMCV's")
  void values(Case c) {
    JsonNode given = c.at("priority");
    if (given.has("bool")) {
      c.deviation("Q-R35", () -> assertRefused(given));
    } else if (given.has("null")) {
      // In a config null is absent, so the hook's own priority counts.
      c.deviation(
          "Q-R35", () -> assertThat(RecordedHooks.priority(given)).isEqualTo(Priority.NORMAL));
    } else if (c.has("raises")) {
      c.equal(() -> assertRefused(given));
    } else {
      c.equal(
          () -> assertThat(RecordedHooks.priority(given).value()).isEqualTo(c.at("value").asInt()));
    }
  }

  private static void assertRefused(JsonNode given) {
    assertThatThrownBy(() -> RecordedHooks.priority(given)).hasMessageContaining("priority");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("registrations")
  @DisplayName("H02 the calling order is MMCV's, and the same object is refused twice")
  void order(Case c) {
    boolean otherwise = false;
    for (JsonNode entry : c.at("register")) {
      otherwise |= RecordedHooks.isReadOtherwise(entry.get(1));
    }
    if (otherwise) {
      c.deviation("Q-R35", () -> assertOrderOfOthers(c));
    } else {
      c.equal(() -> assertOrder(c));
    }
  }

  private static void assertOrder(Case c) {
    List<String> called = new ArrayList<>();
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    Map<String, Named> known = new HashMap<>();
    int i = 0;
    for (JsonNode entry : c.at("register")) {
      Named hook = known.computeIfAbsent(entry.get(0).asText(), name -> new Named(name, called));
      JsonNode after = c.at("after_each").get(i++);
      if (after.path("raises").isNull()) {
        runner.registerHook(hook, priority(hook, entry.get(1)));
      } else {
        assertThatThrownBy(() -> runner.registerHook(hook, priority(hook, entry.get(1))))
            .isInstanceOf(RuntimeException.class);
      }
      assertThat(runner.hooks())
          .extracting(h -> ((Named) h).name())
          .isEqualTo(texts(after.path("order")));
    }
    runner.run(List.of(FakeLoader.of(1)), Workflow.training());
    assertThat(called).isEqualTo(texts(c.at("called")));
  }

  /** True and false are refused and null is the default; what else is registered keeps order. */
  private static void assertOrderOfOthers(Case c) {
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    List<Named> expected = new ArrayList<>();
    Map<Named, Integer> values = new HashMap<>();
    for (JsonNode entry : c.at("register")) {
      Named hook = new Named(entry.get(0).asText(), new ArrayList<>());
      Priority priority;
      try {
        priority = priority(hook, entry.get(1));
      } catch (RuntimeException e) {
        assertThat(entry.get(1).isTextual() && !entry.get(1).asText().isEmpty())
            .as("%s is no name of a priority", entry.get(1))
            .isFalse();
        continue;
      }
      runner.registerHook(hook, priority);
      values.put(hook, priority.value());
      int place = 0;
      while (place < expected.size()
          && values.getOrDefault(expected.get(place), 0) <= priority.value()) {
        place++;
      }
      expected.add(place, hook);
    }
    assertThat(runner.hooks()).containsExactlyElementsOf(expected);
  }

  private static Priority priority(Hook hook, JsonNode given) {
    return given.asText().equals("<default>") ? hook.priority() : RecordedHooks.priority(given);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
