package org.djlrunner.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
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
}
