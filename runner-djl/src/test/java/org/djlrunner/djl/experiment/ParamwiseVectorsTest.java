package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.djlrunner.config.ConfigException;
import org.djlrunner.djl.optim.GroupSpec;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.djlrunner.testkit.Vectors.Case;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parameter gets the rate and decay that MMCV's optimizer constructor gave it. */
@ExtendWith(VectorTally.class)
class ParamwiseVectorsTest {
  private static final double TOLERANCE = 1e-12;

  /** Optimizers with a default rate in PyTorch 1.13. */
  private static final Map<String, Double> DEFAULT_RATES =
      Map.of(
          "Adam", 0.001,
          "AdamW", 0.001,
          "RMSprop", 0.01,
          "Adagrad", 0.01,
          "Adadelta", 1.0,
          "Adamax", 0.002);

  static Stream<Case> recorded() {
    return Vectors.cases("sgd/paramwise.json")
        .filter(c -> RecordedModel.exists(c.at("model").asText()))
        // Optimizers of PyTorch that are not here.
        .filter(c -> c.has("raises") || isShipped(c.at("optimizer").path("type").asText()));
  }

  private static boolean isShipped(String type) {
    return Components.shipped().optimizers().types().contains(type);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("recorded")
  @DisplayName("P01 P02 P03 P04 rate and decay of each parameter are MMCV's")
  void groups(Case c) {
    RecordedModel model = RecordedModel.named(c.at("model").asText());
    ParamwiseInputs inputs = new ParamwiseInputs(c, model);
    if (inputs.refusedHereOnly()) {
      c.deviation("unknown options and negative factors are refused", () -> assertRefused(c));
    } else if (inputs.refusedByBoth()) {
      c.equal(() -> assertRefused(c));
    } else if (!inputs.equivalent(DEFAULT_RATES).equals(inputs.config())) {
      // MMCV needs a rate in the config, takes null for a value.
      c.deviation(
          "Q-C11",
          () ->
              assertThat(OptimizerConfigs.groups(inputs.config(), model))
                  .isEqualTo(OptimizerConfigs.groups(inputs.equivalent(DEFAULT_RATES), model)));
    } else if (inputs.bypassesFrozenDuplicates()) {
      c.deviation(
          "frozen duplicates are bypassed too",
          () ->
              assertThat(OptimizerConfigs.groups(inputs.config(), model))
                  .isEqualTo(OptimizerConfigs.groups(inputs.config(), model.withoutDuplicates())));
    } else if (c.has("raises")) {
      c.equal(() -> assertRefused(c));
    } else if (inputs.mistakesSingleChannelForDepthwise()) {
      c.deviation("Q-C11", () -> assertGroups(inputs));
    } else {
      c.equal(() -> assertGroups(inputs));
    }
  }

  private static void assertRefused(Case c) {
    RecordedModel model = RecordedModel.named(c.at("model").asText());
    ObjectNode config = ParamwiseInputs.config(c);
    assertThatThrownBy(() -> OptimizerConfigs.groups(config, model))
        .isInstanceOfAny(ConfigException.class, IllegalArgumentException.class);
  }

  private static void assertGroups(ParamwiseInputs inputs) {
    GroupedOptimizer optimizer = OptimizerConfigs.read(inputs.config());
    List<GroupSpec> groups = optimizer.groups(inputs.model().modules());
    Set<String> grouped = new TreeSet<>();
    Set<List<Double>> different = new HashSet<>();
    for (JsonNode group : inputs.recordedGroups()) {
      for (JsonNode name : group.path("params")) {
        String parameter = name.asText();
        List<GroupSpec> own = groups.stream().filter(g -> g.members().test(parameter)).toList();
        assertThat(own).as("groups of %s", parameter).hasSize(1);
        Map<String, Double> options = own.get(0).options();
        double lr = options.getOrDefault("lr", optimizer.lr());
        double decay = options.getOrDefault("weight_decay", optimizer.weightDecay());
        assertThat(lr).as("lr of %s", parameter).isCloseTo(number(group, "lr"), relative(lr));
        assertThat(decay)
            .as("weight_decay of %s", parameter)
            .isCloseTo(inputs.decay(parameter, number(group, "weight_decay")), relative(decay));
        grouped.add(parameter);
        different.add(List.of(lr, decay));
      }
    }
    assertThat(groups).as("groups of different options").hasSameSizeAs(different);
    if (optimizer.rules().isPresent()) {
      assertThat(inputs.model().names())
          .filteredOn(name -> groups.stream().anyMatch(g -> g.members().test(name)))
          .containsExactlyInAnyOrderElementsOf(grouped);
    }
  }

  private static double number(JsonNode group, String option) {
    return group.path(option).asDouble();
  }

  private static Offset<Double> relative(double value) {
    return within(TOLERANCE * Math.abs(value));
  }
}
