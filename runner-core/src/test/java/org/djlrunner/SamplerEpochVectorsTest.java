package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which number each pass over a loader is told, against what MMCV's samplers are told. */
@ExtendWith(VectorTally.class)
class SamplerEpochVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("trace/sampler_epoch.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R18 every pass is told its number, without a hook and whatever the sampler")
  void passes(Case c) {
    if (RecordedRun.isByEpoch(c) && !c.at("hooks").isEmpty() && allTold(c)) {
      c.equal(() -> assertThat(opened(c)).isEqualTo(told(c)));
    } else {
      c.deviation("Q-R34", () -> assertThat(opened(c)).isEqualTo(started(c)));
    }
  }

  private static boolean allTold(Case c) {
    for (JsonNode sampler : c.at("samplers")) {
      if (!sampler.asText().endsWith("sampler")) {
        return false;
      }
    }
    return true;
  }

  private static List<List<Integer>> opened(Case c) {
    List<FakeLoader> loaders = RecordedRun.loaders(c);
    RecordedRun.run(c, new FakeStep(), loaders);
    return loaders.stream().map(FakeLoader::opened).toList();
  }

  /** What MMCV's samplers were told, by loader. */
  private static List<List<Integer>> told(Case c) {
    List<List<Integer>> told = empty(c);
    for (JsonNode row : c.at("rows")) {
      if (row.get(0).asText().equals("set_epoch")) {
        told.get(row.get(7).asInt()).add(row.get(9).asInt());
      }
    }
    return told;
  }

  /**
   * The number that each pass should have been told: in an epoch-based run the epoch at its start,
   * else how often its loader had been used up.
   */
  private static List<List<Integer>> started(Case c) {
    List<List<Integer>> started = empty(c);
    if (RecordedRun.isByEpoch(c)) {
      int epoch = 0;
      while (epoch < RecordedRun.limit(c).asInt()) {
        for (int f = 0; f < c.at("workflow").size(); f++) {
          JsonNode flow = c.at("workflow").get(f);
          boolean trains = flow.get(0).asText().equals("train");
          for (int n = 0; n < flow.get(1).asInt(); n++) {
            if (!trains || epoch < RecordedRun.limit(c).asInt()) {
              started.get(f).add(epoch);
              epoch += trains ? 1 : 0;
            }
          }
        }
      }
      return started;
    }
    int[] taken = new int[started.size()];
    int iter = 0;
    while (iter < RecordedRun.limit(c).asInt()) {
      for (int f = 0; f < taken.length; f++) {
        JsonNode flow = c.at("workflow").get(f);
        boolean trains = flow.get(0).asText().equals("train");
        for (int n = 0; n < flow.get(1).asInt(); n++) {
          if (!trains || iter < RecordedRun.limit(c).asInt()) {
            int length = c.at("loader_lengths").get(f).asInt();
            if (taken[f] % length == 0) {
              started.get(f).add(taken[f] / length);
            }
            taken[f]++;
            iter += trains ? 1 : 0;
          }
        }
      }
    }
    return started;
  }

  private static List<List<Integer>> empty(Case c) {
    List<List<Integer>> lists = new ArrayList<>();
    c.at("loader_lengths").forEach(length -> lists.add(new ArrayList<>()));
    return lists;
  }
}
