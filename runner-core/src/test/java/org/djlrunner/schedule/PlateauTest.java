package org.djlrunner.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.djlrunner.Every;
import org.djlrunner.config.Config;
import org.djlrunner.config.ConfigErrors;
import org.djlrunner.config.ConfigException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlateauTest {
  /** What PyTorch 1.13's ReduceLROnPlateau made of values, recorded. */
  static Stream<JsonNode> recorded() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(PlateauTest.class.getResourceAsStream("/plateau.json"))) {
      JsonNode cases = JsonMapper.builder().build().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  @DisplayName("S08 rates fall where PyTorch's do, also after a checkpoint at any value")
  void pyTorch(JsonNode recorded) {
    Plateau plateau = read(recorded.get("options"));
    for (int cut = -1; cut < recorded.get("values").size(); cut++) {
      assertRates(recorded, plateau, cut);
    }
  }

  private static void assertRates(JsonNode recorded, Plateau plateau, int cut) {
    PlateauWatch watch = new PlateauWatch(plateau);
    List<Double> rates = new ArrayList<>();
    recorded.get("lrs").forEach(lr -> rates.add(lr.asDouble()));
    List<Double> least = plateau.minLr().of(new GroupBases(List.of("SGD"), rates));
    for (int i = 0; i < recorded.get("values").size(); i++) {
      if (watch.isReductionDue(recorded.get("values").get(i).asDouble(Double.NaN))) {
        for (int group = 0; group < rates.size(); group++) {
          rates.set(group, plateau.reduced(rates.get(group), least.get(group)));
        }
      }
      for (int group = 0; group < rates.size(); group++) {
        assertThat(rates.get(group))
            .as("group %d after value %d", group, i)
            .isEqualTo(recorded.get("rates").get(i).get(group).asDouble());
      }
      if (i == cut) {
        Map<String, Object> state = watch.state();
        watch = new PlateauWatch(plateau);
        watch.load(state);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "factor: 1, factor must be below 1",
    "patience: -1, patience must be 0 or more",
    "cooldown: -1, cooldown must be 0 or more",
    "mode: best, 'one of min, max'",
    "threshold_mode: share, 'one of rel, abs'",
    "monitor: train/, monitor must name a value",
    "by_epoch: true, unknown key 'by_epoch'",
    "min_lr: [a], expected a number"
  })
  @DisplayName("S08 S09 wrong options are named")
  void options(String option, String message) {
    String key = option.substring(0, option.indexOf(':'));
    assertThatThrownBy(() -> parsed("{policy: ReduceLROnPlateau, " + option + "}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("lr_config." + key)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("S08 a state that is none is refused")
  void states() {
    PlateauWatch watch = new PlateauWatch(Plateau.of("loss", Plateau.Mode.MIN));
    assertThatThrownBy(() -> watch.load(Collections.emptyMap()))
        .hasMessageContaining("'num_bad_epochs'");
  }

  private static Plateau read(JsonNode options) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    options.properties().forEach(option -> config.set(option.getKey(), option.getValue()));
    return (Plateau) parsed(config.put("policy", "ReduceLROnPlateau").toString());
  }

  private static LrPlan parsed(String section) {
    ConfigErrors errors = new ConfigErrors();
    var config = Config.parse("lr_config: " + section, "case.yaml").reader(errors);
    var plan = LrConfig.read(config.section("lr_config"), Every.Unit.EPOCH);
    errors.throwIfAny();
    return plan.orElseThrow();
  }
}
