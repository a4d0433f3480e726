package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Typed reading, and what it says about wrong values. */
@DisplayName("C01 C02 typed reading")
class ConfigReaderTest {

  private enum Save {
    BEST,
    EVERY_EPOCH
  }

  private final ConfigErrors errors = new ConfigErrors();

  private ConfigReader reader(String yaml) {
    return Config.parse(yaml, "quickstart.yaml").reader(errors);
  }

  private String errorOf(String yaml, Consumer<ConfigReader> use) {
    use.accept(reader(yaml));
    assertThat(errors.messages()).hasSize(1);
    return errors.messages().get(0);
  }

  @Nested
  class RightValues {
    @Test
    void areReturned() {
      ConfigReader reader =
          reader(
              "t: x\ni: 3\nl: 5000000000\nd: 1e-3\nw: 2\nb: true\nis: [1, 2]\nds: [1, .5]\n"
                  + "e: Every-Epoch");
      assertThat(reader.string("t")).isEqualTo("x");
      assertThat(reader.stringOrNull("t")).isEqualTo("x");
      assertThat(reader.integer("i")).isEqualTo(3);
      assertThat(reader.optionalInteger("i")).isEqualTo(OptionalInt.of(3));
      assertThat(reader.longInteger("l", 0)).isEqualTo(5_000_000_000L);
      assertThat(reader.number("d")).isEqualTo(0.001);
      assertThat(reader.number("w")).isEqualTo(2.0);
      assertThat(reader.optionalNumber("w")).isEqualTo(OptionalDouble.of(2));
      assertThat(reader.bool("b", false)).isTrue();
      assertThat(reader.integers("is", List.of())).containsExactly(1, 2);
      assertThat(reader.numbers("ds", List.of())).containsExactly(1.0, 0.5);
      assertThat(reader.isSequence("ds")).isTrue();
      assertThat(reader.isSequence("d")).isFalse();
      assertThat(reader.choice("e", Save.class, Save.BEST)).isEqualTo(Save.EVERY_EPOCH);
      reader.finish();
      assertThat(errors.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"{}", "'{a: null}'"})
    void fallBackWhenAbsentOrNull(String yaml) {
      ConfigReader reader = reader(yaml);
      assertThat(reader.has("a")).isFalse();
      assertThat(reader.string("a", "f")).isEqualTo("f");
      assertThat(reader.stringOrNull("a")).isNull();
      assertThat(reader.integer("a", 7)).isEqualTo(7);
      assertThat(reader.longInteger("a", 7)).isEqualTo(7);
      assertThat(reader.number("a", 7)).isEqualTo(7);
      assertThat(reader.optionalNumber("a")).isEmpty();
      assertThat(reader.optionalInteger("a")).isEmpty();
      assertThat(reader.bool("a", true)).isTrue();
      assertThat(reader.integers("a", List.of(7))).containsExactly(7);
      assertThat(reader.numbers("a", List.of(7.0))).containsExactly(7.0);
      assertThat(reader.choice("a", Save.class, Save.BEST)).isEqualTo(Save.BEST);
      assertThat(reader.optionalSection("a")).isEmpty();
      assertThat(reader.sections("a")).isEmpty();
      reader.finish();
      assertThat(errors.isEmpty()).isTrue();
    }
  }

  @Nested
  class WrongValues {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "fast | expected a number, got the text 'fast'",
          "'1' | expected a number, got the text '1'",
          "[1] | expected a number, got a list",
          "{b: 1} | expected a number, got a mapping",
          "true | expected a number, got true",
          ".nan | expected a number, got the number NaN; not finite",
          "-.inf | expected a number, got the number -Infinity; not finite",
        },
        quoteCharacter = '`')
    void asNumbers(String value, String message) {
      assertThat(errorOf("a: " + value, reader -> reader.number("a")))
          .isEqualTo("quickstart.yaml:1: a: " + message);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "1.5 | expected a whole number, got the number 1.5",
          "1.0 | expected a whole number, got the number 1.0; write 1 without a fraction",
          "1e3 | expected a whole number, got the number 1000.0; write 1000 without a fraction",
          "3000000000 | expected a whole number, got the number 3000000000;"
              + " it must lie between -2147483648 and 2147483647",
          "99999999999999999999 | expected a whole number, got the number 1.0E20;"
              + " it must lie between -2147483648 and 2147483647",
        })
    void asWholeNumbers(String value, String message) {
      assertThat(errorOf("a: " + value, reader -> reader.integer("a", 5)))
          .isEqualTo("quickstart.yaml:1: a: " + message);
    }

    @Test
    void asTexts() {
      assertThat(errorOf("a: 5", reader -> reader.string("a")))
          .endsWith("a: expected a text, got the number 5; put it in quotes");
    }

    @Test
    void asBooleans() {
      assertThat(errorOf("a: yes", reader -> reader.bool("a", false)))
          .endsWith("a: expected true or false, got the text 'yes'");
    }

    @Test
    void asChoices() {
      assertThat(errorOf("a: bset", reader -> reader.choice("a", Save.class, Save.BEST)))
          .endsWith(
              "a: expected one of best, every_epoch, got the text 'bset', did you mean 'best'?");
    }

    @Test
    void asLists() {
      assertThat(errorOf("a: 3", reader -> reader.integers("a", List.of())))
          .endsWith("a: expected a list of whole numbers, got the number 3");
    }

    @Test
    void insideLists() {
      assertThat(
              errorOf(
                  "p:\n  step:\n    - 8\n    - x", r -> r.section("p").integers("step", List.of())))
          .isEqualTo("quickstart.yaml:4: p.step[1]: expected a whole number, got the text 'x'");
    }

    @Test
    void giveNeutralValuesSoThatReadingGoesOn() {
      ConfigReader reader = reader("{}");
      assertThat(reader.string("s")).isEmpty();
      assertThat(reader.integer("i")).isZero();
      assertThat(reader.number("n")).isZero();
      assertThat(errors.messages())
          .containsExactly(
              "quickstart.yaml:1: s: missing; expected a text",
              "quickstart.yaml:1: i: missing; expected a whole number",
              "quickstart.yaml:1: n: missing; expected a number");
    }
  }

  @Nested
  class Sections {
    @Test
    void knowTheirPathAndTheLineOfTheirKey() {
      ConfigReader train = reader("data:\n\n  train:\n    lr: 1").section("data").section("train");
      assertThat(train.path()).isEqualTo("data.train");
      assertThat(train.location()).isEqualTo(new Location("quickstart.yaml", 3));
      train.number("momentum");
      assertThat(errors.messages())
          .containsExactly("quickstart.yaml:3: data.train.momentum: missing; expected a number");
    }

    @Test
    void inListsAreNumbered() {
      List<ConfigReader> hooks =
          reader("log_config:\n  hooks:\n    - {type: A}\n    - 5\n    - type: B\n      x: 1")
              .section("log_config")
              .sections("hooks");
      assertThat(hooks)
          .extracting(ConfigReader::path)
          .containsExactly("log_config.hooks[0]", "log_config.hooks[2]");
      assertThat(hooks.get(1).location().line()).isEqualTo(5);
      assertThat(errors.messages())
          .containsExactly(
              "quickstart.yaml:4: log_config.hooks[1]: expected a mapping, got the number 5");
    }

    @Test
    void inListsNeedAList() {
      assertThat(errorOf("hooks: {a: 1}", reader -> reader.sections("hooks")))
          .isEqualTo("quickstart.yaml:1: hooks: expected a list of mappings, got a mapping");
    }

    @Test
    void thatAreMissingOrWrongAreReportedOnceThoughTheirKeysAreAskedFor() {
      ConfigReader reader = reader("b: 5");
      reader.section("a").number("lr");
      reader.section("b").string("type");
      reader.optionalSection("b").orElseThrow().number("lr");
      assertThat(errors.messages())
          .containsExactly(
              "quickstart.yaml:1: a: missing; expected a mapping",
              "quickstart.yaml:1: b: expected a mapping, got the number 5",
              "quickstart.yaml:1: b: expected a mapping, got the number 5");
    }

    @Test
    void giveRawNodesForUnusualShapes() {
      ConfigReader reader = reader("workflow: [[train, 1]]\nnone: null");
      assertThat(reader.node("workflow")).containsInstanceOf(ConfigNode.Sequence.class);
      assertThat(reader.node("none")).containsInstanceOf(ConfigNode.Value.class);
      assertThat(reader.node("absent")).isEmpty();
      assertThat(reader.keys()).containsExactly("workflow", "none");
    }
  }

  @Nested
  class UnknownKeys {
    @Test
    void areReportedWithTheNearestAndAllKnownNames() {
      ConfigReader reader = reader("lr: 1\nmomentun: 0.9\nzzzzz: 1");
      reader.number("lr");
      reader.number("momentum", 0);
      reader.finish();
      assertThat(errors.messages())
          .containsExactly(
              "quickstart.yaml:2: momentun: unknown key 'momentun', did you mean 'momentum'?"
                  + " known: lr, momentum",
              "quickstart.yaml:3: zzzzz: unknown key 'zzzzz'; known: lr, momentum");
    }

    @Test
    void areReportedOnceAndForThisMappingOnly() {
      ConfigReader reader = reader("a: {x: 1}\nb: 1");
      reader.section("a");
      reader.finish();
      reader.finish();
      assertThat(errors.messages())
          .containsExactly("quickstart.yaml:2: b: unknown key 'b'; known: a");
    }
  }
}
