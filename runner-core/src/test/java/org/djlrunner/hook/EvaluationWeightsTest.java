package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.djlrunner.spi.Scope;
import org.djlrunner.spi.WeightAverage;
import org.djlrunner.testkit.FakeWeights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EvaluationWeightsTest {
  private final FakeWeights weights = FakeWeights.of(1);
  private final EvaluationWeights evaluated = new EvaluationWeights();

  @BeforeEach
  void trainOn() {
    weights.set(5);
  }

  @Test
  @DisplayName("A04 scopes nest: the outermost swaps, and closing one again changes nothing")
  void nesting() {
    evaluated.use(weights);
    Scope outer = evaluated.enter();
    Scope inner = evaluated.enter();
    assertThat(held()).isEqualTo(1);
    inner.close();
    inner.close();
    assertThat(held()).isEqualTo(1);
    outer.close();
    outer.close();
    assertThat(held()).isEqualTo(5);
  }

  @Test
  @DisplayName("A04 an exception within a scope brings the weights back")
  void exception() {
    evaluated.use(weights);
    assertThatThrownBy(
            () -> {
              try (Scope scope = evaluated.enter()) {
                throw new IllegalStateException("boom at " + held());
              }
            })
        .hasMessage("boom at 1.0");
    assertThat(held()).isEqualTo(5);
  }

  @Test
  @DisplayName("A04 a swap that fails leaves no scope open")
  void failedSwap() {
    FlakyAverage flaky = new FlakyAverage();
    evaluated.use(flaky);
    assertThatThrownBy(evaluated::enter).hasMessage("out of memory");
    Scope scope = evaluated.enter();
    assertThat(flaky.swaps).isEqualTo(1);
    scope.close();
    assertThat(flaky.swaps).isEqualTo(2);
  }

  @Test
  @DisplayName("A04 without an average nothing is swapped")
  void none() {
    try (Scope scope = evaluated.enter()) {
      assertThat(held()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("A08 a second average is refused")
  void second() {
    evaluated.use(weights);
    assertThatThrownBy(() -> evaluated.use(FakeWeights.of(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("leave one EMA hook out");
  }

  private double held() {
    return weights.model().getOrDefault("w", new double[1])[0];
  }

  /** Fails at its first swap. */
  private static final class FlakyAverage implements WeightAverage {
    private boolean failed;
    private int swaps;

    @Override
    public void begin() {}

    @Override
    public void update(double rate) {}

    @Override
    public void swap() {
      if (!failed) {
        failed = true;
        throw new IllegalStateException("out of memory");
      }
      swaps++;
    }
  }
}
