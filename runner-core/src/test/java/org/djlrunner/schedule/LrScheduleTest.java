package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.Progress;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning rates at every point of recorded runs. */
class LrScheduleTest {
  static Stream<Case> followed() {
    return Stream.of("policies", "edge", "start_in_middle")
        .flatMap(file -> Vectors.cases("lr/" + file + "_fixed_step.json"))
        .filter(c -> !c.has("raises"))
        // There MMCV's schedules by epoch never change anything (Q-R5); ours do.
        .filter(c -> !(c.at("runner").asText().startsWith("Iter") && byEpoch(c)))
        .filter(c -> c.at("workflow").size() == 1 || !c.at("lr_config").has("warmup_by_epoch"));
  }

  @Test
  void theVectorsAreAllThere() {
    assertThat(followed()).hasSizeGreaterThanOrEqualTo(50);
  }

  @ParameterizedTest
  @MethodSource("followed")
  @DisplayName("S01 S03 the rates are MMCV's, computed from progress alone")
  void rates(Case c) {
    LrSchedule schedule = schedule(c.at("lr_config"));
    List<Double> bases = bases(c.at("optimizer").path("groups"));
    for (JsonNode row : c.at("rows")) {
      Progress progress = progress(c, row);
      for (int i = 0; i < c.at("columns").size(); i++) {
        String column = c.at("columns").get(i).asText();
        if (column.startsWith("lr[")) {
          double expected = row.get(i).asDouble();
          int group = Integer.parseInt(column.replaceAll("[^0-9]", ""));
          assertThat(schedule.lr(bases.get(group), progress))
              .as("%s, %s at iteration %d", c, column, progress.iter())
              .isCloseTo(expected, within(1e-11 * Math.abs(expected)));
        }
      }
    }
  }

  @Test
  @DisplayName("S02 steps that are not above 0 are refused")
  void steps() {
    assertThatThrownBy(() -> LrPolicy.Step.every(0, 0.1)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> LrPolicy.Step.at(0, 2)).hasMessageContaining("above 0, got [0, 2]");
  }

  @Test
  @DisplayName("S02 empty warm-ups and ratios outside (0, 1] are refused")
  void warmups() {
    assertThatThrownBy(() -> warmup(0, 0.1)).hasMessageContaining("warmup_iters");
    assertThatThrownBy(() -> warmup(3, 0)).hasMessageContaining("warmup_ratio");
    assertThatThrownBy(() -> warmup(3, 1.5)).hasMessageContaining("warmup_ratio");
  }

  private static Warmup warmup(int length, double ratio) {
    return new Warmup(Warmup.Kind.LINEAR, length, Every.Unit.ITER, ratio);
  }

  private static boolean byEpoch(Case c) {
    return c.at("lr_config").path("by_epoch").asBoolean(true);
  }

  private static List<Double> bases(JsonNode groups) {
    List<Double> bases = new ArrayList<>();
    groups.forEach(
        group -> bases.add(group.path("initial_lr").asDouble(group.path("lr").asDouble())));
    return bases;
  }

  private static Progress progress(Case c, JsonNode row) {
    return new Progress(
        row.get(1).asInt(),
        row.get(0).asInt(),
        row.get(2).asInt(),
        OptionalInt.of(c.at("loader_lengths").get(0).asInt()),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false);
  }

  private static LrSchedule schedule(JsonNode config) {
    Every.Unit unit = config.path("by_epoch").asBoolean(true) ? Every.Unit.EPOCH : Every.Unit.ITER;
    return new LrSchedule(policy(config), unit, warmup(config));
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
