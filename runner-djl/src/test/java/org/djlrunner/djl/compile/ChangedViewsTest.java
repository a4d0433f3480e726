package org.djlrunner.djl.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("N01 N04 an array changed in place is seen changed through all its views")
class ChangedViewsTest {
  private static final Shape INPUT = new Shape(1, 6);

  /** Each softmax is computed in float32, so in a low precision it needs a cast of its operand. */
  static Stream<Arguments> cases() {
    UnaryOperator<NDArray> viewChanged =
        x -> {
          NDArray before = x.softmax(1);
          halves(x).muli(3);
          return x.softmax(1).sub(before);
        };
    UnaryOperator<NDArray> baseChanged =
        x -> {
          NDArray view = halves(x);
          NDArray before = view.softmax(2);
          x.muli(3);
          return view.softmax(2).sub(before).flatten(1, 2);
        };
    UnaryOperator<NDArray> otherViewChanged =
        x -> {
          NDArray view = halves(x);
          NDArray before = view.softmax(2);
          x.expandDims(1).transpose(0, 2, 1).muli(3).addi(0.5);
          return view.softmax(2).sub(before).flatten(1, 2);
        };
    UnaryOperator<NDArray> resultReused =
        x -> {
          NDArray changed = halves(x).muli(3);
          NDArray before = changed.softmax(2);
          x.muli(3);
          return changed.softmax(2).sub(before).flatten(1, 2);
        };
    return Stream.of(
            Named.of("a view changes its base", viewChanged),
            Named.of("a base changes its view", baseChanged),
            Named.of("a view changes another view", otherViewChanged),
            Named.of("a base changes what was changed in place", resultReused))
        .flatMap(
            named ->
                Stream.of(Precision.FP32, Precision.BF16, Precision.FP16)
                    .map(precision -> Arguments.of(named, precision)));
  }

  private static NDArray halves(NDArray x) {
    return x.reshape(x.getShape().get(0), 2, 5);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  @DisplayName("N01 N04 losses of training and evaluation are those of the blocks")
  void agrees(UnaryOperator<NDArray> change, Precision precision) {
    double[] expected = losses(change, new StepOptions(Precision.FP32, Compile.NEVER));
    double[] actual = losses(change, new StepOptions(precision, Compile.ALWAYS));
    double tolerance = (precision == Precision.FP32 ? 1e-5 : 0.03) * expected[0];
    // With a stale operand all logits are equal and the loss is ln 10.
    assertThat(expected[0]).isGreaterThan(5);
    assertThat(actual[0]).as("training").isCloseTo(expected[0], within(tolerance));
    assertThat(actual[1]).as("evaluation").isCloseTo(expected[1], within(tolerance));
  }

  private static double[] losses(UnaryOperator<NDArray> change, StepOptions options) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(10).build())
            .add(
                new LambdaBlock(
                    list -> new NDList(change.apply(list.head()).mul(30)), "changes in place"));
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(block, CrossEntropyLoss.hard(), Device.cpu(), 3, INPUT, options);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      double trained = Steps.train(model, sgd, Networks.batch(model.manager(), 5, INPUT, 2));
      ArrayBatch batch = Networks.batch(model.manager(), 5, INPUT, 2);
      double evaluated = Objects.requireNonNull(Steps.validate(model, batch).get("loss"));
      return new double[] {trained, evaluated};
    }
  }
}
