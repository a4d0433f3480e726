package org.djlrunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code toYaml} writes reads back as the same values in the same order. */
@DisplayName("C05 round trips")
class RoundTripTest {

  private static Config again(Config config) {
    return Config.parse(config.toYaml(), "again.yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a ",
        "it's",
        "say \"hi\"",
        "back\\slash",
        "two\nlines",
        "\n",
        "a\n\n b\n",
        "\t",
        "\r\n",
        "yes",
        "No",
        "on",
        "1e-3",
        "1",
        "0x1F",
        ".5",
        "-1",
        "null",
        "~",
        "True",
        "None",
        "a: b",
        "a:b",
        "#x",
        "a #b",
        "- a",
        "-",
        "---",
        "...",
        "? a",
        "<<",
        "*a",
        "&a",
        "!a",
        "@a",
        "%a",
        "`a",
        "{a}",
        "[a]",
        "a, b",
        "|",
        ">",
        "=",
        "é",
        "日本語",
        "😀",
        "\u0000",
        "\u0007",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "\uffff",
        "2001-01-01",
        "12:30",
        "1_000",
        "\ud800"
      })
  void everyTextSurvivesAsValueAsKeyAndInLists(String text) {
    Config config =
        Config.parse("{}", "a.yaml")
            .with("value", text)
            .with("list", List.of(text, text))
            .with("map", Map.of(text, Map.of(text, List.of(Map.of(text, text)))));
    assertThat(again(config).toMap()).isEqualTo(config.toMap());
  }

  @Test
  void veryLongTextsSurviveAsValuesAndKeys() {
    String text = "long text: ".repeat(500);
    Config config =
        Config.parse("{}", "a.yaml").with("map", Map.of(text, List.of(text, Map.of(text, text))));
    assertThat(again(config).toMap()).isEqualTo(config.toMap());
  }

  @Test
  void numbersKeepTheirKind() {
    Config config =
        Config.parse(
            "a: 1\nb: 1.0\nc: 1e-7\nd: 1e300\ne: .inf\nf: -.inf\ng: .nan\nh: 1e20", "a.yaml");
    assertThat(again(config).toMap()).isEqualTo(config.toMap());
    assertThat(again(config).toMap().values()).contains(1L, 1.0, Double.NaN);
  }

  @Test
  void theOutputIsForHumans() {
    String yaml =
        """
        model: {}
        optimizer:
          type: SGD
          lr: 0.1
        hooks:
          - type: TextLogger
            priority: very low
            names: ["yes", "1", a]
          - - {}
            - x: null
        workflow: [[train, 1], [val, 1]]
        empty: []
        """;
    assertThat(Config.parse(yaml, "a.yaml").toYaml()).isEqualTo(yaml);
  }

  @Test
  void nothingIsAnEmptyMapping() {
    assertThat(Config.parse("", "a.yaml").toYaml()).isEqualTo("{}\n");
  }

  @Test
  void dataDrawnAtRandomSurvivesInOrder() {
    for (int seed = 0; seed < 300; seed++) {
      Config config = Config.parse("{}", "a.yaml").with("root", map(new Random(seed), 4));
      Config again = again(config);
      assertThat(again.toMap()).as("seed %d", seed).isEqualTo(config.toMap());
      assertThat(again.toYaml()).as("seed %d", seed).isEqualTo(config.toYaml());
    }
  }

  private static Map<String, Object> map(Random random, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(random), value(random, depth - 1));
    }
    return map;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextGaussian();
      case 2 -> random.nextBoolean();
      case 3 -> text(random);
      case 4 -> map(random, depth);
      default -> list(random, depth);
    };
  }

  private static List<Object> list(Random random, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(random, depth - 1));
    }
    return list;
  }

  private static String text(Random random) {
    String alphabet = "ab1 0.e-_:#'\"\\\n\t,[]{}&*!|>%@`~?é😀";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
