package org.djlrunner.djl.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("M02 M06 M07 labels of a model step, compiled or not")
class CompiledLabelsTest {
  private static final int SAMPLES = 4;

  private static DjlModelStep<ArrayBatch> model(CrossEntropyLoss loss, Compile compile) {
    return new DjlModelStep<>(
        Networks.normed(),
        loss,
        Device.cpu(),
        3,
        Networks.normedInput(),
        new StepOptions(Precision.FP32, compile));
  }

  private static ArrayBatch batch(
      DjlModelStep<?> model, long seed, Function<NDManager, NDArray> labels) {
    return new ArrayBatch(
        model.manager(),
        SAMPLES,
        manager -> new NDList(Networks.numbers(manager, new Shape(SAMPLES, 3, 8, 8), seed)),
        manager -> new NDList(labels.apply(manager)));
  }

  private static NDArray hard(NDManager manager) {
    return manager.create(new long[] {0, 1, 2, 3});
  }

  /** Two classes mixed a sample, as mixup does. */
  private static NDArray mixed(NDManager manager) {
    NDArray one = manager.eye(10).get(":" + SAMPLES);
    return one.mul(0.7f).add(one.flip(0).mul(0.3f));
  }

  @ParameterizedTest
  @EnumSource(names = {"ALWAYS", "NEVER"})
  @DisplayName("M02 labels of a wrong type or shape are refused before libtorch sees them")
  void refuses(Compile compile) {
    try (DjlModelStep<ArrayBatch> model = model(CrossEntropyLoss.hard(), compile);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      Steps.train(model, sgd, batch(model, 1, CompiledLabelsTest::hard));
      List<Function<NDManager, NDArray>> wrong =
          List.of(
              CompiledLabelsTest::mixed,
              manager -> hard(manager).toType(DataType.FLOAT32, true),
              manager -> hard(manager).toType(DataType.INT32, true),
              manager -> manager.create(new long[] {0, 1, 2}),
              manager -> hard(manager).reshape(SAMPLES, 1),
              manager -> manager.create(1L));
      List<String> seen =
          List.of(
              "(4, 10) float32",
              "(4) float32",
              "(4) int32",
              "(3) int64",
              "(4, 1) int64",
              "() int64");
      for (int i = 0; i < wrong.size(); i++) {
        for (int times = 0; times < 2; times++) {
          ArrayBatch batch = batch(model, 1, wrong.get(i));
          assertThatThrownBy(() -> Steps.train(model, sgd, batch))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageStartingWith(
                  "hard labels for logits (4, 10) must be (4) int64, got " + seen.get(i));
        }
      }
      assertThat(Steps.train(model, sgd, batch(model, 1, CompiledLabelsTest::hard))).isFinite();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALWAYS", "NEVER"})
  @DisplayName("M06 a model trains on mixed labels and is validated on classes, with one loss")
  void trainsSoftValidatesHard(Compile compile) {
    List<Double> losses = new ArrayList<>();
    Map<String, Double> evaluated;
    try (DjlModelStep<ArrayBatch> model = model(CrossEntropyLoss.soft(), compile);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.05), model.scalars())) {
      for (int i = 0; i < 40; i++) {
        losses.add(Steps.train(model, sgd, batch(model, 1, CompiledLabelsTest::mixed)));
      }
      evaluated = Steps.validate(model, batch(model, 1, CompiledLabelsTest::hard));
      Map<String, Double> soft = Steps.validate(model, batch(model, 1, CompiledLabelsTest::mixed));
      assertThat(soft.get("accuracy_top-1")).isEqualTo(evaluated.get("accuracy_top-1"));
    }
    // The labels' own entropy, -0.7 ln 0.7 - 0.3 ln 0.3, is the least that it can be.
    assertThat(losses.get(0)).isGreaterThan(1.5);
    assertThat(losses.get(39)).isCloseTo(0.61, within(0.2));
    assertThat(evaluated.get("accuracy_top-1")).isEqualTo(100);
    assertThat(Objects.requireNonNull(evaluated.get("loss"))).isLessThan(0.7);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALWAYS", "NEVER"})
  @DisplayName("M07 a sample labelled -100 counts in neither loss nor accuracy")
  void ignored(Compile compile) {
    try (DjlModelStep<ArrayBatch> model = model(CrossEntropyLoss.hard(), compile)) {
      Function<NDManager, NDArray> some = manager -> manager.create(new long[] {0, -100, 2, -100});
      Map<String, Double> values = Steps.validate(model, batch(model, 1, some));
      assertThat(values.get("loss")).isPositive().isFinite();
      assertThat(values.get("accuracy_top-1")).isIn(0.0, 50.0, 100.0);
    }
  }
}
