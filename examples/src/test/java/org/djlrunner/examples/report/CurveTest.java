package org.djlrunner.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Curves, and how they become shorter. */
class CurveTest {
  private static Curve random(long seed, int points) {
    Random random = new Random(seed);
    List<Point> all = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      all.add(new Point(i * 10, random.nextGaussian()));
    }
    return new Curve(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {601, 1_000, 12_345, 100_000})
  @DisplayName("J08 a thinned curve keeps both ends, all extremes and the order, and is short")
  void thinned(int size) {
    for (long seed = 0; seed < 5; seed++) {
      Curve whole = random(seed, size);

      Curve thin = whole.thinned(600);

      Comparator<Point> byValue = Comparator.comparingDouble(Point::value);
      assertThat(thin.points())
          .hasSizeLessThanOrEqualTo(600)
          .hasSizeGreaterThan(300)
          .isSubsetOf(whole.points())
          .isSortedAccordingTo(Comparator.comparingInt(Point::step))
          .startsWith(whole.points().get(0))
          .endsWith(whole.points().get(size - 1))
          .contains(
              whole.points().stream().max(byValue).orElseThrow(),
              whole.points().stream().min(byValue).orElseThrow());
    }
  }

  @Test
  @DisplayName("J08 a single peak, a single pit and a single NaN among very many points survive")
  void peak() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      points.add(new Point(i, i == 33_333 ? 9 : i == 33_335 ? -9 : i == 33_337 ? Double.NaN : 1));
    }
    Curve thin = new Curve(points).thinned(600);
    assertThat(thin.points()).contains(points.get(33_333), points.get(33_335), points.get(33_337));
    assertThat(thin.pieces()).hasSize(2);
    assertThat(thin.gaps()).isEqualTo(1);
  }

  @Test
  @DisplayName("J08 a short curve stays as it is")
  void shortEnough() {
    Curve whole = random(1, 600);
    assertThat(whole.thinned(600)).isSameAs(whole);
  }

  @Test
  @DisplayName("J08 a curve breaks where a value is not finite")
  void pieces() {
    Point a = new Point(1, 1);
    Point b = new Point(2, 2);
    Point c = new Point(5, 3);
    Curve curve =
        new Curve(
            List.of(
                new Point(0, Double.NaN),
                a,
                b,
                new Point(3, Double.POSITIVE_INFINITY),
                new Point(4, Double.NaN),
                c));
    assertThat(curve.pieces()).containsExactly(List.of(a, b), List.of(c));
    assertThat(curve.gaps()).isEqualTo(3);
  }
}
