package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.Mode;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.loss.PlacedLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training and a validation step do to a model, and what they leave alone. */
@DisplayName("D06 D07 djl model step")
class DjlModelStepTest {
  private static final Shape INPUT = Networks.normedInput();

  @AlsoOnGpu
  @Test
  void trainingLowersTheLoss() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0)) {
      List<Double> losses = train(model, 20);

      assertThat(losses.get(19)).isLessThan(losses.get(0) / 4);
    }
  }

  @Test
  void equalSeedsGiveEqualWeightsAndLosses() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 7);
        DjlModelStep<ArrayBatch> same = model(Networks.normed(), 7);
        DjlModelStep<ArrayBatch> other = model(Networks.normed(), 8)) {
      assertThat(values(same)).isEqualTo(values(model));
      assertThat(values(other)).isNotEqualTo(values(model));

      assertThat(train(same, 5)).isEqualTo(train(model, 5));
      assertThat(values(same)).isEqualTo(values(model));
    }
  }

  @AlsoOnGpu
  @Test
  void validationChangesNothingInTheModel() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0)) {
      train(model, 2);
      Map<String, List<Float>> before = values(model);

      Map<String, Double> first = Steps.validate(model, batch(model));
      Map<String, Double> again = Steps.validate(model, batch(model));

      assertThat(again).isEqualTo(first);
      assertThat(first).containsOnlyKeys("loss", "accuracy_top-1");
      assertThat(values(model)).isEqualTo(before);
      assertThat(model.arena().gradient()).isEmpty();
    }
  }

  @Test
  void validationHasNoLossToDifferentiate() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0);
        Scope validating = model.enter(Mode.VAL);
        ArrayBatch batch = batch(model);
        StepOutput output = model.valStep(batch, Steps.CONTEXT)) {
      assertThat(output.loss()).isEmpty();
    }
  }

  @Test
  void modesNestAndLeaveTheGradientModeAsItWas() {
    boolean before = JniUtils.isGradMode();
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0)) {
      try (Scope training = model.enter(Mode.TRAIN)) {
        assertThat(JniUtils.isGradMode()).isTrue();
        try (Scope validating = model.enter(Mode.VAL)) {
          assertThat(JniUtils.isGradMode()).isFalse();
          try (Scope inner = model.enter(Mode.TRAIN)) {
            assertThat(JniUtils.isGradMode()).isTrue();
          }
          assertThat(JniUtils.isGradMode()).isFalse();
        }
        assertThat(JniUtils.isGradMode()).isTrue();
      }
    }
    assertThat(JniUtils.isGradMode()).isEqualTo(before);
  }

  @Test
  void goingBackwardTwiceOrAfterTheStepIsRefused() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0);
        Scope training = model.enter(Mode.TRAIN)) {
      org.djlrunner.spi.Loss twice;
      org.djlrunner.spi.Loss late;
      try (ArrayBatch batch = batch(model);
          StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
        twice = output.loss().orElseThrow();
        twice.backward();
        assertThatThrownBy(twice::backward).isInstanceOf(IllegalStateException.class);
      }
      try (ArrayBatch batch = batch(model);
          StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
        late = output.loss().orElseThrow();
      }
      assertThatThrownBy(late::backward).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theScaleOfBackwardScalesTheGradient() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0)) {
      assertThat(largestGradient(model, 0.5)).isEqualTo(largestGradient(model, 1) / 2);
    }
  }

  @AlsoOnGpu
  @Test
  void accuracyIsTheShareOfSamplesWhoseLargestLogitIsAtTheirLabel() {
    // The inputs are the logits: the layer only gives the model something to train.
    Block network = new SequentialBlock().add(Linear.builder().setUnits(3).optBias(false).build());
    try (DjlModelStep<ArrayBatch> model =
        new DjlModelStep<>(
            network, Loss.softmaxCrossEntropyLoss(), Devices.tested(), 0, new Shape(1, 3))) {
      model.arena().master().muli(0).addi(model.manager().eye(3).flatten());
      float[] logits = {3, 1, 2, 0, 5, 1, -3, -2, -1, 9, 8, 7};
      ArrayBatch batch =
          new ArrayBatch(
              model.manager(),
              4,
              manager -> new NDList(manager.create(logits, new Shape(4, 3))),
              manager -> new NDList(manager.create(new long[] {0, 1, 2, 1})));

      assertThat(Steps.validate(model, batch)).containsEntry("accuracy_top-1", 75.0);
    }
  }

  @AlsoOnGpu
  @Test
  void anExceptionInForwardLeavesNothingBehind() {
    boolean[] broken = {false};
    Block network =
        new SequentialBlock()
            .add(Linear.builder().setUnits(3).build())
            .add(
                new LambdaBlock(
                    x -> {
                      if (broken[0]) {
                        throw new IllegalStateException("broken layer");
                      }
                      return x;
                    }));
    Shape input = new Shape(1, 4);
    try (DjlModelStep<ArrayBatch> model =
        new DjlModelStep<>(network, Loss.softmaxCrossEntropyLoss(), Devices.tested(), 0, input)) {
      int before = model.manager().getManagedArrays().size();
      broken[0] = true;
      for (Mode mode : List.of(Mode.TRAIN, Mode.VAL)) {
        try (Scope scope = model.enter(mode);
            ArrayBatch batch = Networks.batch(model.manager(), 2, input, 1)) {
          assertThatThrownBy(
                  () ->
                      (mode.equals(Mode.TRAIN)
                              ? model.trainStep(batch, Steps.CONTEXT)
                              : model.valStep(batch, Steps.CONTEXT))
                          .close())
              .hasMessage("broken layer");
        }
      }
      assertThat(model.arena().gradient()).isEmpty();
      assertThat(model.manager().getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void aNetworkThatCannotTakeTheInputIsRefused() {
    assertThatThrownBy(
            () ->
                new DjlModelStep<>(
                    new LeNet5(10),
                    Loss.softmaxCrossEntropyLoss(),
                    Devices.tested(),
                    0,
                    new Shape(1, 3, 32, 32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LeNet5 takes images [N, 1, 28, 28]");
  }

  @Test
  @DisplayName("D05 a model that can't be prepared to the end leaves nothing behind")
  void aLossThatCannotBePlacedLeavesNothingBehind() {
    UnplaceableLoss loss = new UnplaceableLoss();

    assertThatThrownBy(
            () -> new DjlModelStep<>(Networks.normed(), loss, Devices.tested(), 0, INPUT))
        .hasMessage("no room for class weights");

    assertThat(loss.managers).hasSize(1).noneMatch(NDManager::isOpen);
  }

  @Test
  @DisplayName("D05 what validation reports can be chosen again and again")
  void choosingAgainLeavesNothingBehind() {
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(), 0)) {
      int before = LiveCount.below(model.manager());

      model.evaluate(List.of(1, 5), Set.of());
      model.evaluate(List.of(2, 3), Set.of());
      assertThatThrownBy(() -> model.evaluate(List.of(0), Set.of()))
          .isInstanceOf(IllegalArgumentException.class);

      assertThat(LiveCount.below(model.manager())).isEqualTo(before);
      assertThat(Steps.validate(model, batch(model)))
          .containsOnlyKeys("loss", "accuracy_top-2", "accuracy_top-3");
    }
  }

  @AlsoOnGpu
  @ParameterizedTest
  @CsvSource({"NEVER, false", "ALWAYS, false", "NEVER, true", "ALWAYS, true"})
  @DisplayName("D19 a step asks a batch for its inputs once, or takes the raw pixels")
  void inputsAreAskedForOnce(Compile compile, boolean raw) {
    StepOptions options = new StepOptions(Precision.FP32, compile);
    try (DjlModelStep<CountedBatch> model =
        new DjlModelStep<>(
            Networks.normed(), CrossEntropyLoss.hard(), Devices.tested(), 0, INPUT, options)) {
      int once = raw && compile == Compile.ALWAYS ? 0 : 1;
      for (int i = 0; i < 2; i++) {
        try (CountedBatch batch = new CountedBatch(batch(model), raw)) {
          try (Scope training = model.enter(Mode.TRAIN);
              StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
            output.loss().orElseThrow().backward();
          }
          assertThat(batch.asked).isEqualTo(once);
          try (Scope validating = model.enter(Mode.VAL);
              StepOutput output = model.valStep(batch, Steps.CONTEXT)) {
            assertThat(batch.asked).isEqualTo(2 * once);
          }
        }
      }
    }
  }

  /** A loss whose numbers find no room on a device, and the managers that it was given. */
  private static final class UnplaceableLoss extends Loss implements PlacedLoss {
    private final List<NDManager> managers = new ArrayList<>();

    UnplaceableLoss() {
      super("unplaceable");
    }

    @Override
    public Loss on(NDManager manager) {
      managers.add(manager);
      throw new IllegalStateException("no room for class weights");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      throw new AssertionError("a loss without a place is never asked");
    }
  }

  /** A batch that counts how often its inputs are asked for; with raw pixels too if wanted. */
  private static final class CountedBatch implements DjlBatch {
    private final ArrayBatch arrays;
    private final Optional<Pixels> pixels;
    private int asked;

    CountedBatch(ArrayBatch arrays, boolean raw) {
      this.arrays = arrays;
      NDManager own = arrays.manager();
      this.pixels =
          raw
              ? Optional.of(
                  new Pixels(
                      own.zeros(new Shape(arrays.size(), 8, 8, 3), DataType.UINT8),
                      own.zeros(new Shape(3)),
                      own.ones(new Shape(3))))
              : Optional.empty();
    }

    @Override
    public int size() {
      return arrays.size();
    }

    @Override
    public NDManager manager() {
      return arrays.manager();
    }

    @Override
    public NDList inputs() {
      asked++;
      return arrays.inputs();
    }

    @Override
    public Optional<Pixels> rawPixels() {
      return pixels;
    }

    @Override
    public NDList labels() {
      return arrays.labels();
    }

    @Override
    public void close() {
      arrays.close();
    }
  }

  private static float largestGradient(DjlModelStep<ArrayBatch> model, double scale) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(model);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward(scale);
      return model.arena().gradient().orElseThrow().abs().max().getFloat();
    }
  }

  private static List<Double> train(DjlModelStep<ArrayBatch> model, int steps) {
    SgdOptions options = SgdOptions.lr(0.02).withMomentum(0.9);
    try (Sgd sgd = new Sgd(model.arena(), options, model.scalars())) {
      List<Double> losses = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        losses.add(Steps.train(model, sgd, batch(model)));
      }
      return losses;
    }
  }

  private static DjlModelStep<ArrayBatch> model(Block block, long seed) {
    return new DjlModelStep<>(block, Loss.softmaxCrossEntropyLoss(), Devices.tested(), seed, INPUT);
  }

  private static ArrayBatch batch(DjlModelStep<?> model) {
    return Networks.batch(model.manager(), 10, INPUT, 3);
  }

  private static Map<String, List<Float>> values(DjlModelStep<?> model) {
    Map<String, List<Float>> values = new LinkedHashMap<>();
    ParameterNames.of(model.block())
        .forEach(
            (name, parameter) -> {
              List<Float> elements = new ArrayList<>();
              for (float value : parameter.getArray().toFloatArray()) {
                elements.add(value);
              }
              values.put(name, elements);
            });
    return values;
  }
}
