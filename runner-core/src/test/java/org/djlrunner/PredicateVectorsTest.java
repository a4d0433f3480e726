package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What progress answers at the points of recorded runs. */
@ExtendWith(VectorTally.class)
class PredicateVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("trace/predicates.json")
        // With several of them it isn't recorded whose batches are counted.
        .filter(c -> RecordedRun.lengths(c, "val").size() <= 1)
        .filter(c -> isByEpoch(c) || RecordedRun.lengths(c, "train").size() == 1);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R05 R13 predicates answer as MMCV's at every recorded point")
  void predicates(Case c) {
    if (RecordedRun.hasUnevenTraining(c)) {
      c.deviation("Q-R4", () -> assertAnswers(c, true));
    } else {
      c.equal(() -> assertAnswers(c, false));
    }
  }

  /**
   * Compares all answers.
   *
   * @param unevenTraining whether the last iteration is the last of the plan, not MMCV's
   */
  private static void assertAnswers(Case c, boolean unevenTraining) {
    int last = progress(c, c.at("rows").get(0)).maxIters().orElseThrow() - 1;
    for (JsonNode row : c.at("rows")) {
      Progress progress = progress(c, row);
      for (int i = 4; i < row.size(); i++) {
        String column = c.at("columns").get(i).asText();
        boolean ours = unevenTraining && column.equals("is_last_iter");
        boolean expected = ours ? row.get(2).asInt() == last : row.get(i).asBoolean();
        assertThat(answer(progress, column)).as("%s: %s at %s", c, column, row).isEqualTo(expected);
      }
    }
  }

  private static boolean answer(Progress progress, String column) {
    String name = column.replaceFirst("\\(.*", "");
    int n = column.equals(name) ? 0 : Integer.parseInt(column.replaceAll("[^-0-9]", ""));
    return switch (name) {
      case "every_n_epochs" -> progress.everyNEpochs(n);
      case "every_n_inner_iters" -> progress.everyNInnerIters(n);
      case "every_n_iters" -> progress.everyNIters(n);
      case "end_of_epoch" -> progress.endOfEpoch();
      case "is_last_epoch" -> progress.isLastEpoch();
      case "is_last_iter" -> progress.isLastIter();
      default -> throw new IllegalArgumentException(column);
    };
  }

  private static Progress progress(Case c, JsonNode row) {
    boolean val = row.get(0).asText().contains("val");
    int epoch = row.get(1).asInt();
    int length;
    if (val) {
      length = RecordedRun.lengths(c, "val").get(0);
    } else if (isByEpoch(c)) {
      length = planned(c).get(epoch);
    } else {
      length = RecordedRun.lengths(c, "train").get(0);
    }
    return new Progress(
        epoch,
        row.get(2).asInt(),
        row.get(3).asInt(),
        OptionalInt.of(length),
        isByEpoch(c) ? OptionalInt.of(c.at("max_epochs").asInt()) : OptionalInt.empty(),
        OptionalInt.of(
            isByEpoch(c)
                ? planned(c).stream().mapToInt(Integer::intValue).sum()
                : c.at("max_iters").asInt()),
        false);
  }

  private static boolean isByEpoch(Case c) {
    return c.at("runner").asText().startsWith("Epoch");
  }

  /** The number of batches of each training epoch. */
  private static List<Integer> planned(Case c) {
    List<Integer> planned = new ArrayList<>();
    int epochs = c.at("max_epochs").asInt();
    while (planned.size() < epochs) {
      for (int flow = 0; flow < c.at("workflow").size(); flow++) {
        JsonNode described = c.at("workflow").get(flow);
        for (int n = 0; n < described.get(1).asInt() && planned.size() < epochs; n++) {
          if (described.get(0).asText().equals("train")) {
            planned.add(c.at("loader_lengths").get(flow).asInt());
          }
        }
      }
    }
    return planned;
  }
}
