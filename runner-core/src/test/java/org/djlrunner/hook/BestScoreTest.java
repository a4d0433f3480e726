package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("V05 the best result")
class BestScoreTest {
  private static List<Integer> bests(BestScore score, String key, double... values) {
    List<Integer> better = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (score.update(Map.of(key, values[i])).contains(key)) {
        better.add(i);
      }
    }
    return better;
  }

  @Test
  @DisplayName("V05 strictly more, or strictly less, by the rule")
  void strict() {
    assertThat(bests(new BestScore(BestSpec.of("acc")), "acc", 1, 1, 2, 1.5, 2))
        .containsExactly(0, 2);
    assertThat(bests(new BestScore(BestSpec.of("loss")), "loss", 2, 2, 1, 1.5))
        .containsExactly(0, 2);
  }

  @Test
  @DisplayName("V05 zero and negative results count")
  void zero() {
    BestScore accuracy = new BestScore(BestSpec.of("acc"));
    assertThat(bests(accuracy, "acc", -2, -1, 0, -0.5)).containsExactly(0, 1, 2);
    assertThat(accuracy.best("acc")).hasValue(0);
    assertThat(bests(new BestScore(BestSpec.of("loss")), "loss", 1, 0, -1))
        .containsExactly(0, 1, 2);
  }

  @Test
  @DisplayName("V05 what is no finite number is never a best")
  void notFinite() {
    BestScore score = new BestScore(BestSpec.of("acc"));
    assertThat(
            bests(
                score,
                "acc",
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                1,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                2))
        .containsExactly(3, 6);
  }

  @Test
  @DisplayName("V05 several keys have bests of their own")
  void several() {
    BestScore score = new BestScore(BestSpec.of("acc", "loss"));
    assertThat(score.update(Map.of("acc", 1.0, "loss", 1.0))).containsExactly("acc", "loss");
    assertThat(score.update(Map.of("acc", 2.0, "loss", 1.0))).containsExactly("acc");
    assertThat(score.update(Map.of("acc", 0.0, "loss", 0.5))).containsExactly("loss");
  }

  @Test
  @DisplayName("V05 auto is the first result of the first evaluation, and stays it")
  void auto() {
    BestScore score = new BestScore(BestSpec.of("auto"));
    assertThat(score.update(Map.of())).isEmpty();
    Map<String, Double> results = new LinkedHashMap<>();
    results.put("loss", 2.0);
    results.put("acc", 1.0);
    assertThat(score.update(results)).containsExactly("loss");
    Map<String, Double> turned = new LinkedHashMap<>();
    turned.put("acc", 5.0);
    turned.put("loss", 1.0);
    assertThat(score.update(turned)).containsExactly("loss");
  }

  @Test
  @DisplayName("V05 auto whose first result doesn't tell a rule says what to do")
  void autoWithoutRule() {
    BestScore score = new BestScore(BestSpec.of("auto"));
    assertThatThrownBy(() -> score.update(Map.of("psnr", 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'psnr'")
        .hasMessageContaining("rule: greater");
  }

  @Test
  @DisplayName("V05 V08 of several evaluations only the one meant counts")
  void named() {
    BestScore score =
        new BestScore(new BestSpec("clean", List.of("acc"), Optional.empty(), BestRule.DEFAULT));
    assertThat(score.update(Map.of("other/acc", 9.0))).isEmpty();
    assertThat(score.update(Map.of("acc", 9.0))).isEmpty();
    assertThat(score.update(Map.of("clean/acc", 1.0, "other/acc", 9.0))).containsExactly("acc");
    assertThat(score.best("acc")).hasValue(1);
    assertThat(score.spec().fullName("acc")).isEqualTo("clean/acc");
  }

  @Test
  @DisplayName("V05 a key that is not reported is named, with near ones")
  void missing() {
    BestScore score = new BestScore(BestSpec.of("accuracy_top1"));
    assertThatThrownBy(() -> score.update(Map.of("accuracy_top-1", 1.0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'accuracy_top1'")
        .hasMessageContaining("did you mean 'accuracy_top-1'");
  }

  @Test
  @DisplayName("V05 the state goes on, and is data")
  void state() {
    BestScore before = new BestScore(BestSpec.of("auto", "loss"));
    before.update(
        Map.of("acc", 3.0, "loss", 1.0).entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .collect(LinkedHashMap::new, (m, e) -> m.put(e.getKey(), e.getValue()), Map::putAll));
    assertThat(before.state())
        .isEqualTo(Map.of("best", Map.of("acc", 3.0, "loss", 1.0), "auto", "acc"));

    BestScore after = new BestScore(BestSpec.of("auto", "loss"));
    after.restore(before.state());
    assertThat(after.update(Map.of("loss", 2.0, "acc", 4.0))).containsExactly("acc");

    BestScore other = new BestScore(BestSpec.of("loss"));
    other.restore(before.state());
    assertThat(other.best("loss")).hasValue(1);
    assertThat(other.best("acc")).isEmpty();
    assertThatThrownBy(() -> other.restore(Map.of("score", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'best'");
  }

  @Test
  @DisplayName("V05 what would never decide is refused")
  void refused() {
    assertThatThrownBy(() -> BestSpec.of()).hasMessageContaining("at least one result");
    assertThatThrownBy(() -> BestSpec.of("acc", "acc")).hasMessageContaining("once");
    assertThatThrownBy(() -> BestSpec.of("acc", "psnr")).hasMessageContaining("'psnr'");
    assertThat(
            new BestSpec("", List.of("psnr"), Optional.of(Rule.LESS), BestRule.DEFAULT)
                .ruleOf("psnr"))
        .isEqualTo(Rule.LESS);
  }
}
