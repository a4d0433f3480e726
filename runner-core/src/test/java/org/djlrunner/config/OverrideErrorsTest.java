package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about overrides that cannot be applied. */
class OverrideErrorsTest {

  private static final Config CONFIG =
      Config.parse(
          """
          a: {x: 1, y: 2}
          b: [{k: 1}, {k: 2}]
          steps: [8, 11]
          nothing: null
          """,
          "a.yaml");

  private static Map<String, Object> with(String... overrides) {
    return CONFIG.with(List.of(overrides)).toMap();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lr | lr: has no '='; write key=value",
        "=5 | has an empty key before the '='; write key.path=value",
        "_base_=b.yaml | _base_: can be set in a file only: bases are merged by now",
        "a..x=5 | a..x: has an empty key before the '='; write key.path=value",
        "steps.2=5 | steps.2: 'steps' is a list with entries 0 to 1 (length 2); there is no 2",
        "steps.99999999999=5 | steps.99999999999: 'steps' is a list with entries 0 to 1"
            + " (length 2); there is no 99999999999",
        "steps.x=5 | steps.x: 'steps' is a list with entries 0 to 1; 'x' is not an index",
        "steps.-1=5 | steps.-1: 'steps' is a list with entries 0 to 1; '-1' is not an index",
        "a.x.y=3 | a.x.y: 'a.x' is the number 1 (a.yaml:1), so nothing can be set inside it",
        "b.0.k.y=3 | b.0.k.y: 'b[0].k' is the number 1 (a.yaml:2), so nothing can be set"
            + " inside it",
        "steps.0={a: 1} | steps.0: a mapping cannot be merged over the number 8 of a.yaml:3;"
            + " add '_delete_: true' to replace it",
      })
  void sayWhatIsWrong(String override, String message) {
    assertThatThrownBy(() -> with(override))
        .isInstanceOf(ConfigException.class)
        .hasMessage("--cfg-options: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v=[1,2", "v={a: 1", "v='a", "v=[a]b", "v='a' b", "v=(1,2]"})
  void showTheValueThatCannotBeRead(String override) {
    assertThatThrownBy(() -> with(override))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "--cfg-options: v: the value " + override.substring(2) + " cannot be read: ");
  }

  @Test
  void areAllReportedAtOnce() {
    assertThatThrownBy(() -> with("lr", "a.x=1", "steps.7=1"))
        .hasMessage(
            """
            2 problems in the config:
              - --cfg-options: lr: has no '='; write key=value
              - --cfg-options: steps.7: 'steps' is a list with entries 0 to 1 (length 2); there is no 7""");
  }

  @Test
  void inAnOverriddenValueNameTheCommandLine() {
    ConfigErrors errors = new ConfigErrors();
    ConfigReader reader = CONFIG.with(List.of("optimzer.lr=1", "a.x=fast")).reader(errors);
    reader.section("a").number("x");
    reader.node("b");
    reader.node("steps");
    reader.node("nothing");
    reader.has("optimizer");
    reader.finish();
    assertThat(errors.messages())
        .containsExactly(
            "--cfg-options: a.x: expected a number, got the text 'fast'",
            "--cfg-options: optimzer: unknown key 'optimzer', did you mean 'optimizer'?"
                + " known: a, b, steps, nothing, optimizer");
  }
}
