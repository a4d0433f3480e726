package org.djlrunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BestFilesTest {
  private static final BetterScore GREATER = (metric, score, than) -> score > than;
  private static final BetterScore LESS = (metric, score, than) -> score < than;
  private static final Path HERE = Path.of("here");

  private static KeptFile file(Path folder, int epoch, double score) {
    String name = BestFiles.name("acc", "epoch_" + epoch);
    return new KeptFile(folder, name, "best acc", OptionalDouble.of(score), epoch, epoch);
  }

  private static KeptFile file(int epoch, double score) {
    return file(HERE, epoch, score);
  }

  private static List<Integer> epochs(BestFiles best) {
    return best.ranking().stream().map(KeptFile::epoch).toList();
  }

  @Test
  @DisplayName("K14 the k best are kept, the earlier one of equals; what falls behind goes")
  void topK() {
    BestFiles best = new BestFiles("acc", 2, GREATER);
    assertThat(best.offer(file(1, 0.5))).hasValue(List.of());
    assertThat(best.offer(file(2, 0.7))).hasValue(List.of());
    assertThat(best.offer(file(3, 0.5))).as("as good as the worst").isEmpty();
    assertThat(best.offer(file(4, 0.6))).hasValue(List.of(file(1, 0.5)));
    assertThat(best.offer(file(5, 0.7))).hasValue(List.of(file(4, 0.6)));
    assertThat(epochs(best)).containsExactly(2, 5);
  }

  @Test
  @DisplayName("K14 a score of 0 is a score, and so is a negative one")
  void zero() {
    BestFiles loss = new BestFiles("loss", 1, LESS);
    assertThat(loss.offer(file(1, 0.9))).isPresent();
    assertThat(loss.offer(file(2, 0.0))).isPresent();
    assertThat(loss.offer(file(3, 0.5))).isEmpty();
    assertThat(loss.offer(file(4, -1))).isPresent();
    BestFiles acc = new BestFiles("acc", 1, GREATER);
    assertThat(acc.offer(file(1, 0.0))).isPresent();
    assertThat(acc.offer(file(2, -0.0))).isEmpty();
  }

  @Test
  @DisplayName("K14 what is not finite is never among the best, not even as the first")
  void notFinite() {
    BestFiles best = new BestFiles("acc", 3, GREATER);
    assertThat(best.offer(file(1, Double.NaN))).isEmpty();
    assertThat(best.offer(file(2, Double.POSITIVE_INFINITY))).isEmpty();
    assertThat(best.offer(file(3, Double.NEGATIVE_INFINITY))).isEmpty();
    assertThat(best.ranking()).isEmpty();
  }

  @Test
  @DisplayName("K14 a file is replaced under its own name by a better score only")
  void sameName() {
    BestFiles best = new BestFiles("acc", 2, GREATER);
    Optional<List<KeptFile>> first = best.offer(file(1, 0.5));
    assertThat(first).isPresent();
    assertThat(best.offer(file(1, 0.4))).isEmpty();
    assertThat(best.offer(file(1, 0.6))).hasValue(List.of());
    assertThat(best.ranking()).containsExactly(file(1, 0.6));
  }

  @Test
  @DisplayName("K13 K14 it goes on with files of before, also with fewer of them")
  void goesOn() {
    BestFiles best = new BestFiles("acc", 1, GREATER);
    assertThat(best.goOn(List.of(file(1, 0.5), file(2, 0.8), file(Path.of("old"), 2, 0.8))))
        .containsExactly(file(1, 0.5));
    assertThat(best.ranking()).containsExactly(file(2, 0.8));
  }

  @Test
  @DisplayName("K14 metrics make no folders: what is special in their names becomes an underscore")
  void names() {
    assertThat(BestFiles.name("val/accuracy_top-1", "epoch_3"))
        .isEqualTo("best_val_accuracy_top-1_epoch_3");
    assertThat(BestFiles.name("..\\AR@100 %", "iter_7")).isEqualTo("best_.._AR_100___iter_7");
  }

  @Test
  @DisplayName("K14 fewer than 1 best file is refused")
  void none() {
    assertThatThrownBy(() -> new BestFiles("acc", 0, GREATER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0");
  }
}
