package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlrunner.build.EvaluationConfig;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What better means for a result, compared with recorded cases; read from configs. */
@ExtendWith(VectorTally.class)
class RuleInferenceVectorsTest {
  static Stream<Case> recorded() {
    return Vectors.cases("log/rule_inference.json");
  }

  @Test
  @DisabledIfSystemProperty(named = Vectors.FOLDER, matches = ".*")
  void theVectorsAreAllThere() {
    assertThat(recorded()).hasSize(52);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("V04 rules are told from names as MMCV tells them, and refused where it can't")
  void infers(Case c) {
    if (takesMore(c)) {
      c.deviation(
          "Q-H13: lists are read alike; words of configs in any case",
          () -> {
            JsonNode own = c.at("options").path("rule");
            Optional<BestSpec> best = read(c);
            assertThat(best).isPresent();
            String rule = own.isTextual() ? own.asText().toLowerCase(Locale.ROOT) : "less";
            assertThat(ruleOf(best.orElseThrow())).isEqualTo(rule);
          });
    } else if (c.has("raises")) {
      c.equal(
          () ->
              assertThatThrownBy(() -> read(c))
                  .isInstanceOf(ConfigException.class)
                  .hasMessageMatching("(?s).*(save_best|rule|greater_keys|less_keys).*"));
    } else {
      c.equal(() -> assertRule(c));
    }
  }

  private static void assertRule(Case c) {
    Optional<BestSpec> best = read(c);
    if (!c.has("save_best")) {
      assertThat(best).isEmpty();
    } else if (c.has("rule")) {
      assertThat(ruleOf(best.orElseThrow())).isEqualTo(c.at("rule").asText());
    } else {
      // Told once the first result is known.
      assertThat(best.orElseThrow().keys()).containsExactly(BestSpec.AUTO);
      assertThat(best.orElseThrow().rule()).isEmpty();
    }
  }

  /** A single name as less_keys, and a rule in other letters: MMCV refuses both. */
  private static boolean takesMore(Case c) {
    String rule = c.at("options").path("rule").asText();
    boolean otherLetters =
        !rule.equals(rule.toLowerCase(Locale.ROOT))
            && Stream.of("greater", "less").anyMatch(rule::equalsIgnoreCase);
    return otherLetters || c.at("options").path("less_keys").isTextual();
  }

  private static String ruleOf(BestSpec best) {
    return best.ruleOf(best.keys().get(0)).name().toLowerCase(Locale.ROOT);
  }

  private static Optional<BestSpec> read(Case c) {
    ObjectNode section = JsonMapper.builder().build().createObjectNode();
    section.set("save_best", c.at("save_best"));
    c.at("options").properties().forEach(o -> section.set(o.getKey(), o.getValue()));
    ConfigErrors errors = new ConfigErrors();
    Config config = Config.parse(section.toString(), "evaluation.json");
    Optional<BestSpec> best = EvaluationConfig.best(config.reader(errors), "", BestRule.DEFAULT);
    errors.throwIfAny();
    return best;
  }
}
