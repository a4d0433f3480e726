package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.ProbeBlock;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.testkit.Vectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SGD gives what {@code torch.optim.SGD} gave in the recorded cases, step by step. */
@DisplayName("D01 sgd vectors")
class SgdVectorsTest {
  private static final String USED = "used";
  private static final String REFUSED = "refused";

  @ParameterizedTest
  @MethodSource("used")
  void parametersAreThoseOfTorchAfterEachStep(Vectors.Case recorded) {
    ProbeBlock block = new ProbeBlock(tensors(recorded.at("groups"), "params"));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(block, ProbeBlock.loss(), Device.cpu(), 0, new Shape(1));
        Sgd sgd = new Sgd(model.arena(), options(recorded), model.scalars())) {
      for (int i = 0; i < recorded.at("steps").size(); i++) {
        JsonNode step = recorded.at("steps").path(i);
        step.path("set").path(0).properties().forEach(option -> set(sgd, option));
        List<RecordedTensor> gradients = tensors(step.path("grads"));
        Steps.train(model, sgd, batch(model.manager(), gradients));

        JsonNode after = recorded.at("after_each_step").path(i).path("params");
        assertClose(block.values(), RecordedTensor.flat(after), "after step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void optionsThatTorchRefusesAreRefused(Vectors.Case recorded) {
    assertThatThrownBy(() -> options(recorded)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyRecordedCaseIsUsedOrLeftOutForAKnownReason() {
    Map<String, Long> reasons =
        Vectors.cases("sgd/sgd_steps.json")
            .collect(Collectors.groupingBy(SgdVectorsTest::use, Collectors.counting()));

    assertThat(reasons)
        .isEqualTo(
            Map.of(
                USED,
                28L,
                REFUSED,
                3L,
                "options of a group's own",
                24L,
                "a parameter without gradient",
                3L,
                "maximize",
                1L,
                "no learning rate: SgdOptions can't be had without one",
                1L));
  }

  static Stream<Vectors.Case> used() {
    return Vectors.cases("sgd/sgd_steps.json").filter(c -> use(c).equals(USED));
  }

  static Stream<Vectors.Case> refused() {
    return Vectors.cases("sgd/sgd_steps.json").filter(c -> use(c).equals(REFUSED));
  }

  /** What becomes of a case: used, refused, or why it says nothing about an SGD with one group. */
  private static String use(Vectors.Case recorded) {
    if (!recorded.at("defaults").has("lr")) {
      return "no learning rate: SgdOptions can't be had without one";
    }
    if (recorded.has("raises")) {
      return REFUSED;
    }
    if (recorded.at("defaults").path("maximize").asBoolean()) {
      return "maximize";
    }
    if (!recorded.at("groups").findValues("options").stream().allMatch(JsonNode::isEmpty)) {
      return "options of a group's own";
    }
    if (recorded.at("groups").size() > 1 && !recorded.at("steps").findValues("set").isEmpty()) {
      return "options set group by group";
    }
    boolean gradientMissing =
        recorded.at("steps").findValues("grads").stream()
            .flatMap(SgdVectorsTest::children)
            .flatMap(SgdVectorsTest::children)
            .anyMatch(JsonNode::isNull);
    return gradientMissing ? "a parameter without gradient" : USED;
  }

  private static SgdOptions options(Vectors.Case recorded) {
    JsonNode options = recorded.at("defaults");
    return new SgdOptions(
        options.path("lr").asDouble(),
        options.path("momentum").asDouble(),
        options.path("dampening").asDouble(),
        options.path("weight_decay").asDouble(),
        options.path("nesterov").asBoolean());
  }

  private static void set(Sgd sgd, Map.Entry<String, JsonNode> option) {
    ParamGroup group = sgd.paramGroups().get(0);
    group.setOption(option.getKey(), option.getValue().asDouble());
  }

  private static ArrayBatch batch(NDManager manager, List<RecordedTensor> gradients) {
    return new ArrayBatch(
        manager,
        1,
        scope -> new NDList(gradients.stream().map(g -> g.create(scope)).toList()),
        scope -> new NDList());
  }

  private static List<RecordedTensor> tensors(JsonNode groups, String key) {
    return children(groups)
        .flatMap(group -> children(group.path(key)))
        .map(RecordedTensor::of)
        .toList();
  }

  private static List<RecordedTensor> tensors(JsonNode groups) {
    return children(groups).flatMap(SgdVectorsTest::children).map(RecordedTensor::of).toList();
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  /** The recorded float32 tolerance: 2e-5 relative, and as much absolute near 0. */
  static void assertClose(List<Float> actual, List<Float> expected, String when) {
    assertThat(actual).as(when).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      float bound = 2e-5f * Math.max(0.1f, Math.abs(expected.get(i)));
      assertThat(actual.get(i))
          .as("%s, element %d", when, i)
          .isCloseTo(expected.get(i), within(bound));
    }
  }
}
