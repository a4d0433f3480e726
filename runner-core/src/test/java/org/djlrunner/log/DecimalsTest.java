package org.djlrunner.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were printed by Python. */
class DecimalsTest {
  @ParameterizedTest
  @CsvSource({
    "2.26355, 2.2635, 2.264e+00",
    "0.00005, 0.0001, 5.000e-05",
    "0.00015, 0.0001, 1.500e-04",
    "0, 0.0000, 0.000e+00",
    "-0.0, -0.0000, -0.000e+00",
    "-1e-9, -0.0000, -1.000e-09",
    "123456.789005, 123456.7890, 1.235e+05",
    "9.9996, 9.9996, 1.000e+01",
    "1e22, 10000000000000000000000.0000, 1.000e+22",
    "1e-150, 0.0000, 1.000e-150",
    "0.5, 0.5000, 5.000e-01",
    "NaN, nan, nan",
    "-Infinity, -inf, -inf",
    "Infinity, inf, inf"
  })
  @DisplayName("L06 numbers are rounded as Python rounds them")
  void python(double value, String fixed, String scientific) {
    assertThat(Decimals.fixed(value, 4)).isEqualTo(fixed);
    assertThat(Decimals.scientific(value, 3)).isEqualTo(scientific);
  }

  @Test
  @DisplayName("L06 numbers of all sizes are rounded as exact arithmetic rounds them")
  void exact() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      // Few digits, as many in the middle of two candidates have; any; next to powers of ten.
      double few = random.nextInt(2_000_000) / 32.0 * Math.pow(10, random.nextInt(-8, 4));
      double any = random.nextDouble() * Math.pow(10, random.nextInt(-320, 300));
      double power = Math.pow(10, random.nextInt(-20, 20));
      double near = power + (random.nextInt(5) - 2) * Math.ulp(power);
      double value = List.of(few, any, near).get(i % 3) * (random.nextBoolean() ? 1 : -1);
      String sign = value < 0 ? "-" : "";
      BigDecimal fixed = new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN);
      BigDecimal scientific =
          new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN));
      assertThat(Decimals.fixed(value, 4)).isEqualTo(sign + fixed.abs().toPlainString());
      assertThat(Decimals.scientific(value, 3))
          .isEqualTo(String.format(Locale.ROOT, "%.3e", scientific));
    }
  }
}
