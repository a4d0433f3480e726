package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unquoted scalars follow the core schema of YAML 1.2. */
class PlainScalarTest {

  @ParameterizedTest
  @CsvSource({"0,0", "-1,-1", "+7,7", "010,10", "0x1F,31", "0o17,15"})
  void wholeNumbers(String text, long expected) {
    assertThat(PlainScalar.resolve(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1e-3,0.001", "1E5,100000", ".5,0.5", "1.,1", "-2.5e+1,-25"})
  void numbersWithFractionOrExponent(String text, double expected) {
    assertThat(PlainScalar.resolve(text)).isEqualTo(expected);
  }

  @Test
  void aWholeNumberBeyondLongIsRounded() {
    assertThat(PlainScalar.resolve("99999999999999999999")).isEqualTo(1e20);
  }

  @Test
  void infinitiesAndNotANumber() {
    assertThat(PlainScalar.resolve(".inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(PlainScalar.resolve("-.Inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(PlainScalar.resolve(".nan")).isEqualTo(Double.NaN);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "True,true", "FALSE,false"})
  void booleans(String text, boolean expected) {
    assertThat(PlainScalar.resolve(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "NULL"})
  void nulls(String text) {
    assertThat(PlainScalar.resolve(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "no",
        "on",
        "Off",
        "y",
        "1_000",
        "0b11",
        "12:30:45",
        "2001-01-01",
        "0x",
        "1e",
        "None",
        "inf",
        "nan",
        "-",
        ".",
        "=",
        "1.2.3",
        "0xFFFFFFFFFFFFFFFFFF"
      })
  void everythingElseIsText(String text) {
    assertThat(PlainScalar.resolve(text)).isEqualTo(text);
  }
}
