package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From text to values, and where each was written. */
@DisplayName("C01 parsing")
class ParsingTest {

  private static Map<String, Object> read(String yaml) {
    return Config.parse(yaml, "a.yaml").toMap();
  }

  @Nested
  class Values {

    @Test
    void keepTheOrderOfTheFile() {
      assertThat(read("z: 1\na: 2\nm: 3").keySet()).containsExactly("z", "a", "m");
    }

    @Test
    void areTextWheneverQuoted() {
      Map<String, Object> map =
          read("a: '1'\nb: \"true\"\nc: |\n  2\nd: !!str 5\ne: >-\n  null\nf: ''\n");
      assertThat(map.values()).containsExactly("1", "true", "2\n", "5", "null", "");
    }

    @Test
    void areQuotedOrNotWhateverStandsAround() {
      Map<String, Object> map = read("😀: é # '1'\n'b': &x '1'\nc: &y 1\n'd':\n'e': \"1\"\n");
      assertThat(map.values()).containsExactly("é", "1", 1L, null, "1");
    }

    @Test
    void ofYaml11AreText() {
      assertThat(read("a: [yes, off, 1_000, 010]").get("a"))
          .isEqualTo(List.of("yes", "off", "1_000", 10L));
    }

    @Test
    void nest() {
      assertThat(read("a: {b: [1, {c: 2}]}\nd:\n"))
          .containsEntry("a", Map.of("b", List.of(1L, Map.of("c", 2L))))
          .containsEntry("d", null);
    }

    @Test
    void mayBeNoneAtAll() {
      assertThat(read("")).isEmpty();
      assertThat(read("# only a comment\n")).isEmpty();
    }

    @Test
    void mayFollowAByteOrderMark() {
      assertThat(read("\ufeffa: 'b'")).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void mayBeJsonEvenIndentedByTabs() {
      String json = "{\n\t\"a\": {\"b\": [1, 1.5, 1e-3, \"1\", true, null]}\n}";
      assertThat(Config.parse(json, "a.json").toMap())
          .isEqualTo(read("a: {b: [1, 1.5, 1e-3, '1', true, null]}"));
    }
  }

  @Nested
  class Aliases {

    @Test
    void standForWhatTheirAnchorNames() {
      assertThat(read("a: &m {x: 1}\nb: *m\nc: &s '1'\nd: [*s, *m]\n"))
          .containsEntry("b", Map.of("x", 1L))
          .containsEntry("d", List.of("1", Map.of("x", 1L)));
    }

    @Test
    void needAnAnchorBefore() {
      assertThatThrownBy(() -> read("a: &norm 1\nb: *nrom\n"))
          .hasMessage("a.yaml:2: b: no '&nrom' is defined before '*nrom', did you mean 'norm'?");
    }

    @Test
    void cannotContainThemselves() {
      assertThatThrownBy(() -> read("a: &a\n  b: *a\n"))
          .hasMessage("a.yaml:2: a.b: no '&a' is defined before '*a'");
    }

    @Test
    void areNotMergedByTheMergeKeyOfYaml11() {
      assertThatThrownBy(() -> read("a: &a {x: 1}\nb:\n  <<: *a\n"))
          .hasMessage(
              "a.yaml:3: b.<<: merge keys are not supported; use '_base_' or repeat the keys");
    }
  }

  @Nested
  class Errors {

    @Test
    void nameBothLinesOfAKeyGivenTwice() {
      assertThatThrownBy(() -> read("optimizer:\n  lr: 1\n  momentum: 2\n  lr: 3\n"))
          .isInstanceOf(ConfigException.class)
          .hasMessage("a.yaml:4: optimizer.lr: key 'lr' is given twice, first in line 2");
    }

    @Test
    void nameAllKeysGivenTwice() {
      assertThatThrownBy(() -> read("a: 1\na: 2\nb: 1\nb: 2\n"))
          .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(2));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "a: 1\\n\\tb: 2 | a.yaml:2: column 1: a tab cannot stand here; indent with spaces",
          "a: b: c | a.yaml:1: column 5: a second ': ' in one line; put the value in quotes,"
              + " or check the indentation",
          "a: \"x | a.yaml:1: column 6: a quote is opened and never closed",
          "a: 1\\nb: @x | a.yaml:2: column 4: a value cannot start with '@'; put it in quotes",
          "a: [1, 2\\nb: 3 | a.yaml:2: column 2: expected ',' or ']', but got :"
              + " (while parsing a flow sequence)",
          "? [1]\\n: 2 | a.yaml:1: column 4: a key must be a plain text",
          "- 1 | a.yaml:1: expected a mapping (key: value) at the top level, got a list",
          "just text | a.yaml:1: expected a mapping (key: value) at the top level,"
              + " got the text 'just text'",
          "a: 1\\n---\\nb: 2 | a.yaml:3: a second document starts here; a config is one document",
          "a: !!int 5 | a.yaml:1: a: tag 'tag:yaml.org,2002:int' is not supported;"
              + " write plain values",
        })
    void sayWhereAndInPlainWordsWhatCannotBeRead(String yaml, String message) {
      assertThatThrownBy(() -> read(yaml.replace("\\n", "\n").replace("\\t", "\t")))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith(message);
    }

    @Test
    void locateBrokenJson() {
      assertThatThrownBy(() -> Config.parse("{\n\"a\": 1,,}", "a.json"))
          .hasMessageStartingWith("a.json:2: column 8: not readable: Unexpected character (',' ");
    }
  }
}
