package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.djlrunner.Progress;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning rates at every point of recorded runs. */
@ExtendWith(VectorTally.class)
class LrVectorsTest {
  /** The policies that exist here, as MMCV spells them. */
  private static final Set<String> POLICIES = Set.of("fixed", "Fixed", "step", "Step");

  static Stream<Case> recorded() {
    return Stream.of("policies", "edge", "start_in_middle", "long_sampled")
        .flatMap(file -> Vectors.cases("lr/" + file + ".json"))
        .filter(c -> POLICIES.contains(c.at("lr_config").path("policy").asText()))
        .filter(c -> RecordedSchedule.isExpressible(c.at("lr_config")))
        // In a run of several loaders it isn't recorded which of them an epoch belongs to.
        .filter(c -> !isIterByEpoch(c) || trainLoaders(c) == 1);
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSizeGreaterThanOrEqualTo(70);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("S01 S02 S03 the rates are MMCV's, computed from progress alone")
  void rates(Case c) {
    if (!RecordedSchedule.isValid(c.at("lr_config"))) {
      c.equal(
          () ->
              assertThatThrownBy(() -> RecordedSchedule.of(c.at("lr_config")))
                  .isInstanceOf(IllegalArgumentException.class));
    } else if (isIterByEpoch(c)) {
      // There MMCV never changes the rate, or fails.
      c.deviation("Q-R5", () -> assertEpochsCount(c));
    } else {
      c.equal(() -> assertRates(c));
    }
  }

  private static void assertRates(Case c) {
    assertThat(c.has("raises")).as("refused by MMCV").isFalse();
    LrSchedule schedule = RecordedSchedule.of(c.at("lr_config"));
    List<Double> bases = bases(c.at("optimizer").path("groups"));
    for (JsonNode row : c.at("rows")) {
      Progress progress = progress(row.get(1).asInt(), row.get(0).asInt(), row.get(2), length(c));
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

  /** Epochs are passes over the data: the rates are those of the same schedule by iteration. */
  private static void assertEpochsCount(Case c) {
    int length = length(c);
    LrSchedule byEpoch = RecordedSchedule.of(c.at("lr_config"));
    LrSchedule byIter = RecordedSchedule.inIterations(c.at("lr_config"), length);
    for (int iter = 0; iter < c.at("max_iters").asInt(); iter++) {
      Progress progress = progress(iter / length, iter, null, length);
      assertThat(byEpoch.lr(0.1, progress))
          .as("rate at iteration %d", iter)
          .isEqualTo(byIter.lr(0.1, progress));
    }
  }

  private static boolean isIterByEpoch(Case c) {
    JsonNode config = c.at("lr_config");
    boolean warmupByEpoch =
        config.hasNonNull("warmup") && config.path("warmup_by_epoch").asBoolean();
    return c.at("runner").asText().startsWith("Iter")
        && (config.path("by_epoch").asBoolean(true) || warmupByEpoch);
  }

  private static long trainLoaders(Case c) {
    return trainLengths(c).size();
  }

  /** The length of the first loader that is trained on. */
  private static int length(Case c) {
    return trainLengths(c).get(0);
  }

  private static List<Integer> trainLengths(Case c) {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < c.at("workflow").size(); i++) {
      if (c.at("workflow").get(i).get(0).asText().equals("train")) {
        lengths.add(c.at("loader_lengths").get(i).asInt());
      }
    }
    return lengths;
  }

  private static List<Double> bases(JsonNode groups) {
    List<Double> bases = new ArrayList<>();
    groups.forEach(
        group -> bases.add(group.path("initial_lr").asDouble(group.path("lr").asDouble())));
    return bases;
  }

  private static Progress progress(int epoch, int iter, @Nullable JsonNode innerIter, int length) {
    return new Progress(
        epoch,
        iter,
        innerIter == null ? iter % length : innerIter.asInt(),
        OptionalInt.of(length),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false);
  }
}
