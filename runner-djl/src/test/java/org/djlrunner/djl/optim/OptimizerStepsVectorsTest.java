package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Close;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.ProbeBlock;
import org.djlrunner.djl.testkit.RecordedTensor;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.testkit.VectorTally;
import org.djlrunner.testkit.Vectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers give the parameters and states that {@code torch.optim} gave, step by step. */
@ExtendWith(VectorTally.class)
@AlsoOnGpu
class OptimizerStepsVectorsTest {
  /** The recorded float32 tolerance. */
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("sgd")
  @DisplayName("D01 SGD steps")
  void sgdSteps(Vectors.Case recorded) {
    recorded.equal(() -> judge(recorded));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("others")
  @DisplayName("D14 steps of the other optimizers")
  void otherSteps(Vectors.Case recorded) {
    recorded.equal(() -> judge(recorded));
  }

  static Stream<Vectors.Case> sgd() {
    return Vectors.cases("sgd/sgd_steps.json");
  }

  static Stream<Vectors.Case> others() {
    return Vectors.cases("sgd/other_optimizer_steps.json");
  }

  /** Equal to what was recorded, refusals included; nothing in these files is a deviation. */
  private static void judge(Vectors.Case recorded) {
    List<RecordedTensor> initial = new ArrayList<>();
    List<GroupSpec> groups = new ArrayList<>();
    for (JsonNode group : recorded.at("groups")) {
      List<String> names = new ArrayList<>();
      for (JsonNode tensor : group.path("params")) {
        names.add("p" + initial.size());
        initial.add(RecordedTensor.of(tensor));
      }
      groups.add(
          GroupSpec.of("group " + groups.size(), names, RecordedOptions.of(group.path("options"))));
    }
    ProbeBlock block = new ProbeBlock(initial);
    try (DjlModelStep<ArrayBatch> model =
        new DjlModelStep<>(block, ProbeBlock.loss(), Devices.tested(), 0, new Shape(1))) {
      if (recorded.has("raises")) {
        assertThatThrownBy(() -> optimizer(recorded, model, groups))
            .isInstanceOf(IllegalArgumentException.class);
        return;
      }
      try (ArenaOptimizer optimizer = optimizer(recorded, model, groups)) {
        for (int i = 0; i < recorded.at("steps").size(); i++) {
          step(recorded.at("steps").path(i), model, optimizer);
          JsonNode after = recorded.at("after_each_step").path(i);
          Close.assertAll(
              block.values(), RecordedTensor.flat(after.path("params")), TOLERANCE, "step " + i);
          assertState(optimizer, model.manager(), after.path("state"), "step " + i);
        }
      }
    }
  }

  private static ArenaOptimizer optimizer(
      Vectors.Case recorded, DjlModelStep<?> model, List<GroupSpec> groups) {
    return RecordedOptions.optimizer(
        recorded.at("optimizer").asText(), recorded.at("defaults"), model, groups);
  }

  private static void step(
      JsonNode step, DjlModelStep<ArrayBatch> model, ArenaOptimizer optimizer) {
    for (int g = 0; g < step.path("set").size(); g++) {
      ParamGroup group = optimizer.paramGroups().get(g);
      RecordedOptions.of(step.path("set").path(g)).forEach(group::setOption);
    }
    ArrayNode gradients = JsonNodeFactory.instance.arrayNode();
    boolean any = false;
    for (JsonNode group : step.path("grads")) {
      for (JsonNode gradient : group) {
        gradients.add(gradient);
        any |= !gradient.isNull();
      }
    }
    if (any) {
      Steps.train(model, optimizer, ProbeBlock.batch(model.manager(), 1, gradients));
    } else {
      optimizer.step();
    }
  }

  /** Each recorded state is ours; one that holds only zeros yet may be absent here. */
  private static void assertState(
      ArenaOptimizer optimizer, NDManager manager, JsonNode groups, String when) {
    try (NDManager scratch = manager.newSubManager()) {
      Map<String, Map<String, NDArray>> state = optimizer.state(scratch).parameters();
      int parameter = 0;
      for (JsonNode group : groups) {
        for (JsonNode recorded : group) {
          String name = "p" + parameter++;
          Map<String, NDArray> own = state.getOrDefault(name, Map.of());
          for (Map.Entry<String, JsonNode> entry : recorded.properties()) {
            NDArray array = own.get(entry.getKey());
            String what = when + ": " + entry.getKey() + " of " + name;
            if (entry.getValue().isNull()) {
              assertThat(array).as(what).isNull();
            } else if (array == null) {
              assertThat(RecordedTensor.flat(entry.getValue())).as(what).containsOnly(0f);
            } else {
              List<Float> actual = new ArrayList<>();
              for (Number number : array.toArray()) {
                actual.add(number.floatValue());
              }
              Close.assertAll(actual, RecordedTensor.flat(entry.getValue()), TOLERANCE, what);
            }
          }
        }
      }
    }
  }
}
