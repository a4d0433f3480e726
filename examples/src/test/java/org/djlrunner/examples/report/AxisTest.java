package org.djlrunner.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes: places and round numbers. */
class AxisTest {
  @ParameterizedTest
  @DisplayName("J01 an axis has a few round numbers within its ends, whatever the size of values")
  @CsvSource({
    "0, 1",
    "0.0059, 0.1",
    "67.35, 98",
    "-3, 1e9",
    "1e-12, 3e-12",
    "5, 5",
    "0, 0",
    "-7, -7",
    "1e-5, 1",
    "0.0005, 0.05",
    "0.99999, 1.00001"
  })
  void ticks(double least, double greatest) {
    for (boolean logarithmic : new boolean[] {false, true}) {
      if (logarithmic && (least <= 0 || greatest <= least)) {
        continue;
      }
      Axis axis = Axis.around(least, greatest, logarithmic);
      assertThat(axis.ticks(5))
          .as("%s", axis)
          .hasSizeBetween(2, 11)
          .isSorted()
          .doesNotHaveDuplicates()
          .allSatisfy(tick -> assertThat(axis.place(tick)).isBetween(-1e-6, 1 + 1e-6));
      assertThat(axis.place(least)).isBetween(0.0, 1.0);
      assertThat(axis.place(greatest)).isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @DisplayName("J01 on a logarithmic axis equal ratios are equally long")
  @CsvSource({"1e-4, 1", "0.02, 2.3"})
  void ratios(double least, double greatest) {
    Axis axis = Axis.around(least, greatest, true);
    double middle = Math.sqrt(least * greatest);
    assertThat(axis.place(middle)).isCloseTo(0.5, within(1e-9));
  }

  @ParameterizedTest
  @DisplayName("J01 numbers are written with five digits and without idle zeros")
  @CsvSource({
    "0.1, 0.1",
    "98, 98",
    "0.060957856, 0.060958",
    "12000, 12000",
    "123456.7, 123460",
    "1e-5, 1e-5",
    "-2.5e9, -2.5e9",
    "0, 0",
    "NaN, NaN"
  })
  void numbers(double value, String text) {
    assertThat(NumberText.of(value)).isEqualTo(text);
  }
}
