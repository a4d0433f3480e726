package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("O09 optimizers of a run share no parameter")
class OptimizerCheckTest {
  private static void build(FakeOptimizer head, FakeOptimizer body) {
    EpochBasedRunner.builder(new FakeStep(), 1)
        .optimizer("head", head)
        .optimizer("body", body)
        .build();
  }

  @Test
  @DisplayName("O09 those that do are refused with their names and the parameters'")
  void shared() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < 7; i++) {
      all.put("layer" + i, new Object());
    }
    FakeOptimizer one = new FakeOptimizer(0.1).updates(all);
    FakeOptimizer other = new FakeOptimizer(0.1).updates(all);
    assertThatThrownBy(() -> build(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "optimizers 'head' and 'body' both update layer0, layer1, layer2, layer3, layer4"
                + " and 2 more; give each parameter to one of them, by their groups");
    Map<String, Object> last = Map.of("layer6", all.getOrDefault("layer6", ""));
    assertThatThrownBy(() -> build(one, new FakeOptimizer(0.1).updates(last)))
        .hasMessageContaining("both update layer6; give");
    assertThatThrownBy(() -> build(one, one)).hasMessageContaining("'head' and 'body'");
  }

  @Test
  @DisplayName("O09 parameters of two models may have one name")
  void sameNames() {
    FakeOptimizer one = new FakeOptimizer(0.1).updates(Map.of("fc.weight", new Object()));
    FakeOptimizer other = new FakeOptimizer(0.1).updates(Map.of("fc.weight", new Object()));
    build(one, other);
    assertThat(one.parameters().keySet()).isEqualTo(other.parameters().keySet());
  }
}
