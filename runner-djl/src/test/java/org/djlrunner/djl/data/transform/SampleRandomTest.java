package org.djlrunner.djl.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A sample's random numbers. */
@DisplayName("F05 the random numbers of samples")
class SampleRandomTest {
  private final SampleRandom random = new SampleRandom();

  @Test
  void theyFollowFromSeedPassSampleAndVisitAlone() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      for (int pass = 0; pass < 5; pass++) {
        for (long sample = -5; sample < 5; sample++) {
          first.add(random.begin(seed, pass, sample).next());
          first.add(random.begin(seed, pass, sample, 1).next());
          first.add(random.begin(seed, pass, sample, 2).next());
        }
      }
    }
    assertThat(first).hasSize(750);
    long again = random.begin(3, 2, 1).next();
    random.next();
    assertThat(new SampleRandom().begin(3, 2, 1).next()).isEqualTo(again);
    assertThat(new SampleRandom().begin(3, 2, 1, 0).next()).isEqualTo(again);
  }

  @Test
  void wholeNumbersReachBothEndsEquallyOften() {
    int[] counts = new int[3];
    random.begin(0, 0, 0);
    for (int i = 0; i < 3000; i++) {
      counts[random.between(-1, 1) + 1]++;
    }
    assertThat(counts)
        .satisfies(
            c -> {
              for (int count : c) {
                assertThat(count).isBetween(900, 1100);
              }
            });
    assertThat(random.between(7, 7)).isEqualTo(7);
  }

  @Test
  void normalAndBetaNumbersHaveTheirMeansAndDeviations() {
    random.begin(1, 0, 0);
    int n = 20_000;
    double[] sum = new double[2];
    double[] squares = new double[2];
    for (int i = 0; i < n; i++) {
      double normal = random.gaussian(5, 2);
      double beta = random.beta(0.2);
      assertThat(beta).isBetween(0.0, 1.0);
      sum[0] += normal;
      squares[0] += normal * normal;
      sum[1] += beta;
      squares[1] += beta * beta;
    }
    assertThat(sum[0] / n).isCloseTo(5, within(0.05));
    assertThat(Math.sqrt(squares[0] / n - Math.pow(sum[0] / n, 2))).isCloseTo(2, within(0.05));
    assertThat(sum[1] / n).isCloseTo(0.5, within(0.02));
    // The variance of Beta(a, a) is 1 / (4 (2 a + 1)).
    assertThat(squares[1] / n - Math.pow(sum[1] / n, 2)).isCloseTo(1 / 5.6, within(0.01));
  }
}
