package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.djlrunner.config.ConfigException;
import org.djlrunner.schedule.Formulas.Point;
import org.djlrunner.schedule.ScheduleReplay.Row;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning rates and momenta at every iteration of recorded runs. */
@ExtendWith(VectorTally.class)
class ScheduleVectorsTest {
  private static final double TOLERANCE = 1e-9;

  static Stream<Case> rates() {
    return Stream.of("dict_optimizers", "edge", "long_sampled", "policies", "start_in_middle")
        .flatMap(file -> Vectors.cases("lr/" + file + ".json"));
  }

  static Stream<Case> momenta() {
    return Stream.of("dict_optimizers", "edge", "policies", "start_in_middle", "with_lr")
        .flatMap(file -> Vectors.cases("momentum/" + file + ".json"));
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(rates()).hasSize(57 + 95 + 8 + 213 + 33);
    assertThat(momenta()).hasSize(29 + 33 + 92 + 3 + 4);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rates")
  @DisplayName("S01 S02 S03 S04 S06 the rates are MMCV's, and what it refuses is refused")
  void learningRates(Case c) {
    replay(c);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("momenta")
  @DisplayName("S05 S06 S07 the momenta are MMCV's, and what it refuses is refused")
  void momenta(Case c) {
    replay(c);
  }

  private static void replay(Case c) {
    Optional<String> quirk = quirk(c);
    if (quirk.isPresent()) {
      c.deviation(quirk.get(), () -> assertFollowsFormulas(c));
    } else if (c.has("raises")) {
      c.equal(() -> assertRefused(c));
    } else {
      c.equal(
          () -> {
            assertIsRecorded(c);
            assertFollowsFormulas(c);
          });
    }
  }

  /** Why we mean to differ, from the case's inputs alone. */
  private static Optional<String> quirk(Case c) {
    ScheduleCase inputs = new ScheduleCase(c);
    for (String section : List.of("lr_config", "momentum_config")) {
      boolean momentum = section.startsWith("m");
      Formulas said = new Formulas(c.at(section), momentum, 0, "");
      if (!c.has(section) || !isReadable(c)) {
        continue;
      }
      if (!inputs.countsEpochs() && (said.countsEpochs() || (said.warmsByEpoch() && !momentum))) {
        return Optional.of(momentum ? "Q-R12" : "Q-R5");
      }
      if (said.dependsOnIters() && inputs.hasUnevenTraining()) {
        return Optional.of("Q-R4");
      }
      if (inputs.exceedsItsPlan() && said.dependsOnIters()) {
        return Optional.of("Q-H3");
      }
      if (said.peaksDecayWithoutRise(inputs.plannedIters())) {
        return Optional.of("Q-H2");
      }
      if (momentum && isCut(c, inputs)) {
        return Optional.of("Q-H4");
      }
      if (!c.has("raises") && anyImpossible(c, inputs)) {
        return Optional.of("Q-H3");
      }
    }
    return Optional.empty();
  }

  /** Whether the options are what they should be; quirks concern no others. */
  private static boolean isReadable(Case c) {
    JsonNode raises = c.at("raises");
    return !raises.path("phase").asText().matches("construct|register");
  }

  private static boolean isCut(Case c, ScheduleCase inputs) {
    for (Map.Entry<String, FakeOptimizer> optimizer : inputs.optimizers().entrySet()) {
      List<ParamGroup> groups = optimizer.getValue().paramGroups();
      for (int i = 0; i < groups.size(); i++) {
        Formulas said = formulas(c, true, i, optimizer);
        double base = groups.get(i).momentum().orElse(0);
        for (JsonNode row : c.at("rows")) {
          if (said.isCut(base, point(inputs, row.get(1).asInt(), row.get(0).asInt()))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void assertIsRecorded(Case c) {
    List<Row> ours = new ScheduleReplay(c).rows();
    Map<Integer, Row> byIter = new LinkedHashMap<>();
    ours.forEach(row -> byIter.put(row.iter(), row));
    // Of long runs only some iterations are recorded.
    assertThat(ours).hasSizeGreaterThanOrEqualTo(c.at("rows").size());
    boolean counts = new ScheduleCase(c).countsEpochs();
    for (JsonNode row : c.at("rows")) {
      Row own = Objects.requireNonNull(byIter.get(row.get(0).asInt()), "missing iteration");
      if (counts) {
        assertThat(List.of(own.epoch(), own.innerIter()))
            .containsExactly(row.get(1).asInt(), row.get(2).asInt());
      }
      for (int i = 3; i < row.size(); i++) {
        String column = c.at("columns").get(i).asText();
        assertThat(own.values().get(column))
            .as("%s at iteration %d", column, own.iter())
            .isCloseTo(row.get(i).asDouble(), tolerance(row.get(i).asDouble()));
      }
    }
  }

  /** Compares with the reference's formulas, which also say what can't be computed. */
  private static void assertFollowsFormulas(Case c) {
    ScheduleCase inputs = new ScheduleCase(c);
    List<Row> ours;
    try {
      ours = new ScheduleReplay(c).rows();
    } catch (IllegalArgumentException refused) {
      assertThat(anyImpossible(c, inputs)).as("refused: %s", refused.getMessage()).isTrue();
      return;
    }
    // A run that begins at its end has no iterations.
    assertThat(ours.isEmpty()).isEqualTo(inputs.startsInTheMiddle() && c.at("rows").isEmpty());
    for (Row row : ours) {
      Point at = point(inputs, row.epoch(), row.iter());
      expected(c, inputs, at)
          .forEach(
              (column, value) ->
                  assertThat(row.values().get(column))
                      .as("%s at iteration %d", column, row.iter())
                      .isCloseTo(value, tolerance(value)));
    }
  }

  private static boolean anyImpossible(Case c, ScheduleCase inputs) {
    for (int iter = c.at("start").path("iter").asInt(); iter < inputs.plannedIters(); iter++) {
      Point at = point(inputs, iter / inputs.epochLength(), iter);
      if (expected(c, inputs, at).values().stream().anyMatch(value -> !Double.isFinite(value))) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, Double> expected(Case c, ScheduleCase inputs, Point at) {
    Map<String, Double> expected = new LinkedHashMap<>();
    for (Map.Entry<String, FakeOptimizer> optimizer : inputs.optimizers().entrySet()) {
      String of = optimizer.getKey().equals("default") ? "" : "." + optimizer.getKey();
      List<ParamGroup> groups = optimizer.getValue().paramGroups();
      for (int i = 0; i < groups.size(); i++) {
        String index = of + "[" + i + "]";
        if (c.has("lr_config")) {
          double base = groups.get(i).initialLr();
          expected.put("lr" + index, formulas(c, false, i, optimizer).value(base, at));
        }
        if (c.has("momentum_config")) {
          boolean adam = optimizer.getValue().kind().startsWith("Adam");
          double base = groups.get(i).momentum().orElse(0);
          expected.put(
              (adam ? "beta1" : "momentum") + index,
              formulas(c, true, i, optimizer).value(base, at));
        }
      }
    }
    return expected;
  }

  private static Formulas formulas(
      Case c, boolean momentum, int group, Map.Entry<String, FakeOptimizer> optimizer) {
    String key =
        optimizer.getKey().equals("default") ? optimizer.getValue().kind() : optimizer.getKey();
    return new Formulas(c.at(momentum ? "momentum_config" : "lr_config"), momentum, group, key);
  }

  private static Point point(ScheduleCase inputs, int epoch, int iter) {
    double epochs =
        inputs.countsEpochs()
            ? inputs.limit()
            : (double) inputs.plannedIters() / inputs.epochLength();
    return new Point(epoch, epochs, iter, inputs.plannedIters(), inputs.epochLength());
  }

  private static void assertRefused(Case c) {
    assertThatThrownBy(() -> new ScheduleReplay(c).rows())
        .isInstanceOfAny(
            ConfigException.class, IllegalArgumentException.class, IllegalStateException.class)
        .hasMessageMatching("(?s).*(lr_config|momentum_config).*");
  }

  private static Offset<Double> tolerance(double expected) {
    return within(TOLERANCE * Math.abs(expected));
  }
}
