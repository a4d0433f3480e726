package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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

/**
 * Counters of a checkpoint for another number of processes, against MMCV, which finds the number of
 * before in the text of a config; here it is data.
 */
@ExtendWith(VectorTally.class)
class ResumeScalingVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("checkpoint/resume_gpu_scaling.json");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(15);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("K08 iterations are scaled by the ratio of processes and rounded down")
  void scales(Case c) {
    int before = processes(c.at("stored_config").asText(""), c.at("world_size").asInt());
    ResumePoint scaled = scaled(c, before);
    int expected = c.at("stored_iter").asInt() * before / c.at("world_size").asInt();
    if (expected == c.at("iter").asInt()) {
      c.equal(() -> assertCounters(scaled, c.at("epoch").asInt(), c.at("iter").asInt()));
    } else {
      // The iteration runner goes on with the iterations of other processes.
      assertThat(c.at("runner").asText()).isEqualTo("IterBasedRunner");
      c.deviation("Q-R22", () -> assertCounters(scaled, c.at("epoch").asInt(), expected));
    }
  }

  private static void assertCounters(ResumePoint scaled, int epoch, int iter) {
    assertThat(List.of(scaled.epoch(), scaled.iter())).containsExactly(epoch, iter);
  }

  private static ResumePoint scaled(Case c, int before) {
    return ResumePoint.of(
            Map.of("epoch", c.at("stored_epoch").asInt(), "iter", c.at("stored_iter").asInt()))
        .rescaled(before, c.at("world_size").asInt());
  }

  /** How many GPUs a config's text names; {@code unknown} if none. */
  private static int processes(String config, int unknown) {
    List<MatchResult> range =
        Pattern.compile("gpu_ids = range\\(0, (\\d+)\\)").matcher(config).results().toList();
    if (!range.isEmpty()) {
      return Integer.parseInt(range.get(0).group(1));
    }
    List<MatchResult> list =
        Pattern.compile("gpu_ids = \\[(\\d+(?:, \\d+)*)\\]").matcher(config).results().toList();
    return list.isEmpty() ? unknown : list.get(0).group(1).split(", ", -1).length;
  }
}
