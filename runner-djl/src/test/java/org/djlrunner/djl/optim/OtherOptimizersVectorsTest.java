package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
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
import org.djlrunner.spi.Optimizer;
import org.djlrunner.testkit.Vectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adam, AdamW, RMSprop and Adagrad give what {@code torch.optim} gave, step by step. */
@DisplayName("D14 other optimizers vectors")
class OtherOptimizersVectorsTest {
  private static final String USED = "used";
  private static final String REFUSED = "refused";

  @ParameterizedTest
  @MethodSource("used")
  void parametersAreThoseOfTorchAfterEachStep(Vectors.Case recorded) {
    ProbeBlock block = new ProbeBlock(tensors(recorded.at("groups").path(0).path("params")));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(block, ProbeBlock.loss(), Device.cpu(), 0, new Shape(1));
        Optimizer optimizer = optimizer(recorded, model)) {
      for (int i = 0; i < recorded.at("steps").size(); i++) {
        List<RecordedTensor> gradients =
            tensors(recorded.at("steps").path(i).path("grads").path(0));
        Steps.train(
            model,
            optimizer,
            new ArrayBatch(
                model.manager(),
                1,
                scope -> new NDList(gradients.stream().map(g -> g.create(scope)).toList()),
                scope -> new NDList()));
        JsonNode after = recorded.at("after_each_step").path(i).path("params");
        SgdVectorsTest.assertClose(block.values(), RecordedTensor.flat(after), "after step " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void optionsThatTorchRefusesAreRefused(Vectors.Case recorded) {
    assertThatThrownBy(() -> adam(recorded)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyRecordedCaseIsUsedOrLeftOutForAKnownReason() {
    Map<String, Long> reasons =
        Vectors.cases("sgd/other_optimizer_steps.json")
            .collect(Collectors.groupingBy(OtherOptimizersVectorsTest::use, Collectors.counting()));
    assertThat(reasons)
        .isEqualTo(
            Map.of(
                USED,
                9L,
                REFUSED,
                2L,
                "options of a group's own",
                5L,
                "a parameter without gradient",
                5L,
                "not one of ours",
                4L));
  }

  static Stream<Vectors.Case> used() {
    return Vectors.cases("sgd/other_optimizer_steps.json").filter(c -> use(c).equals(USED));
  }

  static Stream<Vectors.Case> refused() {
    return Vectors.cases("sgd/other_optimizer_steps.json").filter(c -> use(c).equals(REFUSED));
  }

  private static String use(Vectors.Case recorded) {
    if (!List.of("Adam", "AdamW", "RMSprop", "Adagrad")
        .contains(recorded.at("optimizer").asText())) {
      return "not one of ours";
    }
    if (recorded.has("raises")) {
      return REFUSED;
    }
    if (recorded.at("groups").size() > 1) {
      return "options of a group's own";
    }
    boolean missing =
        children(recorded.at("steps"))
            .flatMap(step -> children(step.path("grads").path(0)))
            .anyMatch(JsonNode::isNull);
    return missing ? "a parameter without gradient" : USED;
  }

  private static Optimizer optimizer(Vectors.Case recorded, DjlModelStep<?> model) {
    JsonNode options = recorded.at("defaults");
    double lr = options.path("lr").asDouble();
    double decay = options.path("weight_decay").asDouble();
    return switch (recorded.at("optimizer").asText()) {
      case "RMSprop" ->
          new RmsProp(
              model.arena(),
              new RmsPropOptions(
                  lr,
                  options.path("alpha").asDouble(0.99),
                  1e-8,
                  decay,
                  options.path("momentum").asDouble(),
                  options.path("centered").asBoolean()),
              model.scalars());
      case "Adagrad" ->
          new Adagrad(
              model.arena(),
              new AdagradOptions(lr, options.path("lr_decay").asDouble(), 1e-10, decay),
              model.scalars());
      default -> new Adam(model.arena(), adam(recorded), model.scalars());
    };
  }

  private static AdamOptions adam(Vectors.Case recorded) {
    JsonNode options = recorded.at("defaults");
    boolean decoupled = recorded.at("optimizer").asText().equals("AdamW");
    return new AdamOptions(
        options.path("lr").asDouble(),
        options.path("betas").path(0).asDouble(0.9),
        options.path("betas").path(1).asDouble(0.999),
        options.path("eps").asDouble(1e-8),
        options.path("weight_decay").asDouble(decoupled ? 0.01 : 0),
        decoupled,
        options.path("amsgrad").asBoolean());
  }

  private static List<RecordedTensor> tensors(JsonNode tensors) {
    return children(tensors).map(RecordedTensor::of).toList();
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }
}
