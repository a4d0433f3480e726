package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Stage;
import org.djlrunner.testkit.FakeStep;
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
    return Vectors.cases("trace/predicates.json");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("R05 R13 predicates answer as MMCV's at every recorded point")
  void predicates(Case c) {
    if (!RecordedRun.isByEpoch(c)) {
      // Other epochs and inner iterations, so the formulas are held to MMCV's counters.
      c.deviation("Q-R5, Q-R6, Q-R7", () -> assertFormulas(c));
    } else if (RecordedRun.isPlannedElsewise(c)) {
      c.deviation("Q-R4", () -> assertAnswers(c, true));
    } else {
      c.equal(() -> assertAnswers(c, false));
    }
  }

  /**
   * Runs the case and compares all answers.
   *
   * @param planned whether the last iteration is the last of the plan, not MMCV's
   */
  private static void assertAnswers(Case c, boolean planned) {
    List<Progress> seen = new ArrayList<>();
    List<String> events = new ArrayList<>();
    Hook[] hooks =
        Stream.of(
                Stage.AFTER_TRAIN_ITER,
                Stage.AFTER_TRAIN_EPOCH,
                Stage.AFTER_VAL_ITER,
                Stage.AFTER_VAL_EPOCH)
            .map(
                stage ->
                    Hook.at(
                        stage,
                        context -> {
                          events.add(stage.toString());
                          seen.add(context.progress());
                        }))
            .toArray(Hook[]::new);
    RunResult result = RecordedRun.run(c, new FakeStep(), RecordedRun.loaders(c), hooks);
    assertThat(events)
        .isEqualTo(Stream.of(c.at("rows")).flatMap(PredicateVectorsTest::names).toList());
    int last = result.progress().iter() - 1;
    for (int r = 0; r < seen.size(); r++) {
      assertRow(c, c.at("rows").get(r), seen.get(r), planned ? last : -1);
    }
  }

  private static Stream<String> names(JsonNode rows) {
    List<String> names = new ArrayList<>();
    rows.forEach(row -> names.add(row.get(0).asText()));
    return names.stream();
  }

  /** At MMCV's counters the answers are MMCV's, but for batches whose loader isn't recorded. */
  private static void assertFormulas(Case c) {
    for (JsonNode row : c.at("rows")) {
      List<Integer> lengths =
          RecordedRun.lengths(c, row.get(0).asText().contains("val") ? "val" : "train");
      boolean known = lengths.stream().distinct().count() == 1;
      Progress progress =
          new Progress(
              row.get(1).asInt(),
              row.get(2).asInt(),
              row.get(3).asInt(),
              known ? OptionalInt.of(lengths.get(0)) : OptionalInt.empty(),
              OptionalInt.empty(),
              OptionalInt.of(c.at("max_iters").asInt()),
              false);
      assertRow(c, row, progress, -1);
    }
  }

  /** Compares a row; at a {@code last} of 0 or more only that iteration is the last. */
  private static void assertRow(Case c, JsonNode row, Progress progress, int last) {
    for (int i = 4; i < row.size(); i++) {
      String column = c.at("columns").get(i).asText();
      if (column.equals("end_of_epoch") && progress.passLength().isEmpty()) {
        continue;
      }
      boolean ours = last >= 0 && column.equals("is_last_iter");
      boolean expected = ours ? row.get(2).asInt() == last : row.get(i).asBoolean();
      assertThat(answer(progress, column)).as("%s: %s at %s", c, column, row).isEqualTo(expected);
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
}
