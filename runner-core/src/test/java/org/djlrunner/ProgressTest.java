package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProgressTest {
  static Stream<Case> recorded() {
    // With two train flows of different length MMCV's max_iters flips to and fro (Q-R4).
    return Vectors.cases("trace/predicates.json")
        .filter(c -> c.at("workflow").at("/1/0").asText().equals("val"));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  @DisplayName("R13 predicates answer as MMCV's at every recorded point")
  void predicates(Case c) {
    for (JsonNode row : c.at("rows")) {
      Progress progress = progress(c, row);
      for (int i = 4; i < row.size(); i++) {
        String column = c.at("columns").get(i).asText();
        assertThat(answer(progress, column))
            .as("%s: %s at %s", c, column, row)
            .isEqualTo(row.get(i).asBoolean());
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

  @Test
  @DisplayName("H08 a pass cut short completes no epoch")
  void cutPass() {
    Every everyEpoch = Every.epochs(1);
    assertThat(everyEpoch.isDue(at(0, 5, true))).isTrue();
    assertThat(everyEpoch.isDue(at(0, 5, false))).isFalse();
    assertThat(Every.never().isDue(at(0, 5, true))).isFalse();
    assertThat(Every.iters(3).isDue(at(0, 5, false))).isTrue();
  }

  @Test
  @DisplayName("R13 intervals read as people say them")
  void intervals() {
    assertThat(Every.epochs(1)).hasToString("every epoch");
    assertThat(Every.iters(500)).hasToString("every 500 iterations");
    assertThat(Every.never()).hasToString("never");
  }

  private static Progress at(int epoch, int iter, boolean passComplete) {
    return new Progress(
        epoch,
        iter,
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        passComplete);
  }

  private static Progress progress(Case c, JsonNode row) {
    boolean epochs = c.at("runner").asText().startsWith("Epoch");
    int flow = row.get(0).asText().contains("val") ? 1 : 0;
    int length = c.at("loader_lengths").get(flow).asInt();
    OptionalInt maxEpochs =
        epochs ? OptionalInt.of(c.at("max_epochs").asInt()) : OptionalInt.empty();
    int maxIters =
        epochs
            ? c.at("max_epochs").asInt() * c.at("loader_lengths").get(0).asInt()
            : c.at("max_iters").asInt();
    return new Progress(
        row.get(1).asInt(),
        row.get(2).asInt(),
        row.get(3).asInt(),
        OptionalInt.of(length),
        maxEpochs,
        OptionalInt.of(maxIters),
        false);
  }
}
