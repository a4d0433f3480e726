package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Problems, and how a user reads them. */
@DisplayName("C01 errors are reported together")
class ConfigErrorsTest {

  private final ConfigErrors errors = new ConfigErrors();

  @Test
  void areShownTogetherByLineAndThenInTheOrderFound() {
    ConfigReader reader = Config.parse("a: x\nb: y\nc: -1", "quickstart.yaml").reader(errors);
    reader.require(false, "c", "must not be negative");
    reader.require(true, "c", "never shown");
    reader.number("b");
    reader.number("a");
    reader.integer("a");
    assertThatThrownBy(errors::throwIfAny)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            4 problems in the config:
              - quickstart.yaml:1: a: expected a number, got the text 'x'
              - quickstart.yaml:1: a: expected a whole number, got the text 'x'
              - quickstart.yaml:2: b: expected a number, got the text 'y'
              - quickstart.yaml:3: c: must not be negative""");
  }

  @Test
  void areShownOverridesFirstThenFileByFileAndUnlocatedLast() {
    errors.add("a", null, "nowhere");
    errors.add("b", new Location("one.yaml", 9), "late");
    errors.add("c", new Location("two.yaml", 1), "other file");
    errors.add("d", new Location("one.yaml", 2), "early");
    errors.add("", new Location("--cfg-options", 0), "typed");
    assertThat(errors.messages())
        .containsExactly(
            "--cfg-options: typed",
            "one.yaml:2: d: early",
            "one.yaml:9: b: late",
            "two.yaml:1: c: other file",
            "a: nowhere");
  }

  @Test
  void thatStandAloneAreTheWholeMessage() {
    errors.add("lr", new Location("a.yaml", 3), "must be positive");
    assertThatThrownBy(errors::throwIfAny)
        .hasMessage("a.yaml:3: lr: must be positive")
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(1));
  }

  @Test
  void areNoneToBeginWith() {
    errors.throwIfAny();
    assertThat(errors.messages()).isEmpty();
  }
}
