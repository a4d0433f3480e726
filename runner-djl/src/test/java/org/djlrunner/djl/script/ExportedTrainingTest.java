package org.djlrunner.djl.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.compile.NotCompilableException;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Bfloat16Support;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Networks exported from Python train as they do there")
@AlsoOnGpu
class ExportedTrainingTest {
  private static final double TOLERANCE = 2e-5;

  static Stream<Arguments> recorded() {
    return Stream.of("normed", "tied")
        .flatMap(
            name ->
                Stream.of(Compile.ALWAYS, Compile.NEVER)
                    .map(compile -> Arguments.of(name, compile)));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  @DisplayName("T01 losses, logits, weights and buffers of three SGD steps are PyTorch's")
  void threeSteps(String name, Compile compile) {
    JsonNode expected = ExportedNetworks.recorded(name + ".json");
    TorchScriptBlock block = ExportedNetworks.load(name + ".pt");
    SgdOptions options = SgdOptions.lr(0.1).withMomentum(0.9).withWeightDecay(0.01);
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, compile);
        Sgd sgd = new Sgd(model.arena(), options, model.scalars())) {
      assertClose("logits before", logits(model, block), expected.get("eval_logits"));
      for (JsonNode loss : expected.get("losses")) {
        assertThat(Steps.train(model, sgd, ExportedNetworks.batch(model.manager())))
            .isCloseTo(loss.asDouble(), within(TOLERANCE));
      }
      assertClose("logits after", logits(model, block), expected.get("eval_logits_after"));
      Map<String, Parameter> state = ParameterNames.of(block);
      List<String> names = new ArrayList<>();
      expected.get("state_after").fieldNames().forEachRemaining(names::add);
      assertThat(state.keySet()).containsExactlyElementsOf(names);
      state.forEach(
          (key, parameter) ->
              assertClose(key, floats(parameter.getArray()), expected.get("state_after").get(key)));
    }
  }

  @Test
  @DisplayName("T02 tied weights stay one parameter")
  void tied() {
    TorchScriptBlock block = ExportedNetworks.load("tied.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, Compile.AUTO)) {
      Map<String, Parameter> state = ParameterNames.of(block);
      assertThat(state.get("second.weight")).isSameAs(state.get("first.weight"));
      assertThat(model.arena().names()).contains("first.weight").doesNotContain("second.weight");
    }
  }

  @ParameterizedTest
  @EnumSource(Compile.class)
  @DisplayName("T03 each pass has the mode of its step, whatever mode the module was saved in")
  void modes(Compile compile) {
    TorchScriptBlock block = ExportedNetworks.load("dropping_saved_in_eval.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, compile);
        Sgd still = new Sgd(model.arena(), SgdOptions.lr(0), model.scalars())) {
      double first = Steps.train(model, still, ExportedNetworks.batch(model.manager()));
      double evaluated = evaluate(model);
      double second = Steps.train(model, still, ExportedNetworks.batch(model.manager()), 1);
      assertThat(first).as("dropout is on at the first step").isNotEqualTo(evaluated);
      assertThat(second).as("and again after an evaluation").isNotIn(first, evaluated);
      assertThat(evaluate(model)).as("and off in evaluation").isEqualTo(evaluated);
    }
  }

  @Test
  @DisplayName("T04 a step of an exported network is one native call, in float32 only")
  void compiled() {
    TorchScriptBlock block = ExportedNetworks.load("normed.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, Compile.AUTO)) {
      InputSpec inputs =
          new InputSpec(List.of(ExportedNetworks.INPUT.slice(1)), List.of(DataType.FLOAT32), false);
      assertThat(model.computation(inputs)).hasToString("compiled, fp32");
    }
  }

  @Test
  @DisplayName("T04 a low precision is refused, and auto stays with float32")
  void lowPrecision() {
    InputSpec inputs =
        new InputSpec(List.of(ExportedNetworks.INPUT.slice(1)), List.of(DataType.FLOAT32), false);
    try (DjlModelStep<ArrayBatch> model =
        ExportedNetworks.model(
            ExportedNetworks.load("normed.pt"), new StepOptions(Precision.BF16, Compile.AUTO))) {
      assertThatThrownBy(() -> model.computation(inputs))
          .isInstanceOf(NotCompilableException.class)
          .hasMessageContaining("a TorchScript module computes in float32");
    }
    try (DjlModelStep<ArrayBatch> model =
        ExportedNetworks.model(
            ExportedNetworks.load("normed.pt"), new StepOptions(Precision.AUTO, Compile.ALWAYS))) {
      assertThat(model.computation(inputs).toString())
          .isEqualTo(
              Bfloat16Support.of(Devices.tested())
                  ? "compiled, fp32 (no bf16: a TorchScript module computes in float32)"
                  : "compiled, fp32");
    }
  }

  @ParameterizedTest
  @EnumSource(Compile.class)
  @DisplayName("T05 steps leave no arrays behind, also when they fail")
  void leavesNothing(Compile compile) {
    TorchScriptBlock block = ExportedNetworks.load("normed.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, compile);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.01), model.scalars())) {
      Steps.train(model, sgd, ExportedNetworks.batch(model.manager()));
      evaluate(model);
      int before = model.manager().getManagedArrays().size();
      for (int i = 0; i < 50; i++) {
        Steps.train(model, sgd, ExportedNetworks.batch(model.manager()));
        evaluate(model);
        try (Scope mode = model.enter(Mode.TRAIN);
            ArrayBatch batch = ExportedNetworks.batch(model.manager())) {
          assertThatThrownBy(() -> model.trainStep(misshapen(batch), Steps.CONTEXT))
              .hasMessageContaining("to have 3 channels");
          try (StepOutput withoutBackward = model.trainStep(batch, Steps.CONTEXT)) {
            Steps.read(withoutBackward);
          }
        }
      }
      assertThat(model.manager().getManagedArrays()).hasSize(before);
    }
  }

  @Test
  @DisplayName("T06 a network that returns a tuple returns a list of arrays")
  void tuple() {
    TorchScriptBlock block = ExportedNetworks.load("two_heads.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, Compile.NEVER);
        ArrayBatch batch = ExportedNetworks.batch(model.manager())) {
      ParameterStore store = new ParameterStore(batch.manager(), false);
      assertThat(block.forward(store, batch.inputs(), false).getShapes())
          .extracting(Object::toString)
          .containsExactly("(4, 5)", "(4, 192)");
    }
  }

  @Test
  @DisplayName("T07 a traced module trains")
  void traced() {
    TorchScriptBlock block = ExportedNetworks.load("traced.pt");
    try (DjlModelStep<ArrayBatch> model = ExportedNetworks.model(block, Compile.ALWAYS);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      double before = Steps.train(model, sgd, ExportedNetworks.batch(model.manager()));
      Steps.train(model, sgd, ExportedNetworks.batch(model.manager()));
      assertThat(Steps.train(model, sgd, ExportedNetworks.batch(model.manager())))
          .isLessThan(before);
    }
  }

  /** Images of one channel, which the network's convolution can't take. */
  private static ArrayBatch misshapen(ArrayBatch within) {
    return new ArrayBatch(
        within.manager(),
        4,
        manager -> new NDList(manager.zeros(new Shape(4, 1, 8, 8))),
        manager -> new NDList(manager.zeros(new Shape(4), DataType.INT64)));
  }

  private static double evaluate(DjlModelStep<ArrayBatch> model) {
    return Steps.validate(model, ExportedNetworks.batch(model.manager())).getOrDefault("loss", -1.);
  }

  private static float[] logits(DjlModelStep<ArrayBatch> model, TorchScriptBlock block) {
    try (Scope mode = model.enter(Mode.VAL);
        ArrayBatch batch = ExportedNetworks.batch(model.manager())) {
      ParameterStore store = new ParameterStore(batch.manager(), false);
      return floats(block.forward(store, batch.inputs(), false).head());
    }
  }

  private static float[] floats(NDArray array) {
    try (NDArray copy = array.toType(DataType.FLOAT32, true)) {
      return copy.toFloatArray();
    }
  }

  private static void assertClose(String what, float[] actual, JsonNode expected) {
    JsonNode values = expected.get("values");
    assertThat(actual).as(what).hasSize(values.size());
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .as("%s[%d]", what, i)
          .isCloseTo(values.get(i).asDouble(), within(TOLERANCE));
    }
  }
}
