package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --cfg-options}, after section 2.4 of the reference, and where we do better. */
@DisplayName("C03 overrides")
class OverridesTest {

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

  private static @Nullable Object value(String text) {
    return with("v=" + text).get("v");
  }

  @Nested
  class Paths {

    @Test
    void leadIntoMappings() {
      assertThat(with("a.x=3")).containsEntry("a", Map.of("x", 3L, "y", 2L));
    }

    @Test
    void leadIntoLists() {
      List<Map<String, Long>> expected = List.of(Map.of("k", 5L), Map.of("k", 2L));
      assertThat(with("b.0.k=5")).containsEntry("b", expected);
      assertThat(with("b[0].k=5")).containsEntry("b", expected);
    }

    @Test
    void mayEndAtAPlainListEntryWhichMmcvRefuses() {
      assertThat(with("steps.1=12")).containsEntry("steps", List.of(8L, 12L));
    }

    @Test
    void areCreatedWhereMissingOrNull() {
      assertThat(with("n.m=1", "nothing.z=2"))
          .containsEntry("n", Map.of("m", 1L))
          .containsEntry("nothing", Map.of("z", 2L));
    }

    @Test
    void mayReplaceAMappingOrAList() {
      assertThat(with("a=3", "b=[9]")).containsEntry("a", 3L).containsEntry("b", List.of(9L));
    }

    @Test
    void areSplitFromTheValueAtTheFirstEqualsSign() {
      assertThat(with("v=a=b")).containsEntry("v", "a=b");
    }

    @Test
    void applyInTheOrderGiven() {
      assertThat(with("v={p: 1}", "v.q=2", "v.p=3")).containsEntry("v", Map.of("p", 3L, "q", 2L));
    }

    @Test
    void leaveTheOriginalAsItIs() {
      with("a.x=3");
      assertThat(CONFIG.toMap()).containsEntry("a", Map.of("x", 1L, "y", 2L));
    }
  }

  @Nested
  class Values {

    @ParameterizedTest
    @CsvSource({"1,1", "-1,-1", "0x1F,31"})
    void areWholeNumbers(String text, long expected) {
      assertThat(value(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1.,1", "1e-3,0.001", ".5,0.5", ".inf,Infinity"})
    void areNumbers(String text, double expected) {
      assertThat(value(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "False,false"})
    void areBooleans(String text, boolean expected) {
      assertThat(value(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "null", "~", ""})
    void areNull(String text) {
      assertThat(value(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "abc",
          "yes",
          "1_000",
          "nan",
          "a b",
          "note: see #5",
          "@x",
          "*.png",
          "don't",
          "50%",
          "http://host:80/a?b=c",
          "C:\\data",
          "f(x)",
          "- 1",
          "!tag",
          "&a",
          "a]"
        })
    void areTextToTheLetter(String text) {
      assertThat(value(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "'x y' | x y",
          "'1' | 1",
          "'None' | None",
          "\"a, b\" | a, b",
          "'it''s, fine' | it's, fine",
          "\"q\\\", r\" | q\", r"
        })
    void inQuotesAreTextWithSpacesAndCommasWhichMmcvRemoves(String text, String expected) {
      assertThat(value(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2", "[1,2]", "[1, 2]", "(1,2)", "( 1, 2 )", " 1 , 2 ", "1,2,"})
    void areLists(String text) {
      assertThat(value(text)).isEqualTo(List.of(1L, 2L));
    }

    @Test
    void areListsOfOneNoneAndMany() {
      assertThat(value("1,")).isEqualTo(List.of(1L));
      assertThat(value("(1,)")).isEqualTo(List.of(1L));
      assertThat(value("[]")).isEqualTo(List.of());
      assertThat(value("[(1,2),[a,b]]")).isEqualTo(List.of(List.of(1L, 2L), List.of("a", "b")));
      assertThat(value("(train,1),(val,1)"))
          .isEqualTo(List.of(List.of("train", 1L), List.of("val", 1L)));
      assertThat(value("None,1")).isEqualTo(Arrays.asList(null, 1L));
      assertThat(value("'a,b','(c'")).isEqualTo(List.of("a,b", "(c"));
    }

    @Test
    void areMappingsWhichMergeAsFilesDo() {
      assertThat(value("{p: [1], q: None}"))
          .asInstanceOf(InstanceOfAssertFactories.MAP)
          .containsEntry("p", List.of(1L))
          .containsEntry("q", null);
      assertThat(with("a={x: 9}")).containsEntry("a", Map.of("x", 9L, "y", 2L));
      assertThat(with("a={_delete_: true, x: 9}")).containsEntry("a", Map.of("x", 9L));
    }
  }

  @Nested
  class FromTheProgram {

    @Test
    void anyPlainDataCanBeSet() {
      Config changed =
          CONFIG
              .with("work_dir", "runs/1")
              .with("a.x", 3)
              .with("f", 0.1f)
              .with("list", List.of(1, "1"))
              .with("none", null)
              .with("map", Collections.singletonMap("k", true));
      assertThat(changed.toMap())
          .containsEntry("work_dir", "runs/1")
          .containsEntry("a", Map.of("x", 3L, "y", 2L))
          .containsEntry("f", 0.1)
          .containsEntry("list", List.of(1L, "1"))
          .containsEntry("none", null)
          .containsEntry("map", Map.of("k", true));
    }

    @Test
    void otherObjectsAreRefused() {
      assertThatThrownBy(() -> CONFIG.with("a", new Object()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errorsNameTheCommandLine() {
      assertThatThrownBy(() -> CONFIG.with("a.x.y", 1))
          .hasMessageStartingWith("command line: a.x.y: ");
    }
  }
}
