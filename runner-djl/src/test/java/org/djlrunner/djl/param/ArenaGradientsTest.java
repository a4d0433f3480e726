package org.djlrunner.djl.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.djl.vision.LeNet5;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Blocks that train on an arena's views get the gradients that plain DJL gives them. */
@DisplayName("D03 arena gradients")
@AlsoOnGpu
class ArenaGradientsTest {
  private final NDManager manager = NDManager.newBaseManager(Devices.tested(), "PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void gradientsOfLeNetAreThoseOfPlainDjl() {
    LeNet5 network = new LeNet5(10);
    assertSameGradients(network, network.inputShape());
  }

  @Test
  void gradientsOfAStockNetworkWithNormalisationAreThoseOfPlainDjl() {
    assertSameGradients(Networks.normed(), Networks.normedInput());
  }

  @Test
  void frozenParametersStayOutsideAndUnchanged() {
    LeNet5 network = new LeNet5(10);
    network.initialize(manager, DataType.FLOAT32, network.inputShape());
    network.freezeParameters(true, parameter -> parameter.getShape().size() <= 150);
    float[] before = values(network, "conv1.weight");
    float[] trained = values(network, "conv2.weight");

    try (DjlModelStep<ArrayBatch> model = model(network, network.inputShape())) {
      assertThat(model.arena().slots())
          .extracting(ArenaSlot::name)
          .containsExactly("conv2.weight", "fc1.weight", "fc2.weight", "fc3.weight");
      train(model, network.inputShape());

      assertThat(values(network, "conv1.weight")).isEqualTo(before);
      assertThat(values(network, "conv2.weight")).isNotEqualTo(trained);
    }
  }

  @Test
  void runningStatisticsMoveInTrainingOnly() {
    Block network = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(network, Networks.normedInput())) {
      float[] initial = values(network, "1.running_mean");
      train(model, Networks.normedInput());
      float[] trained = values(network, "1.running_mean");
      assertThat(trained).isNotEqualTo(initial);

      Steps.validate(model, batch(model.manager(), Networks.normedInput()));

      assertThat(values(network, "1.running_mean")).isEqualTo(trained);
    }
  }

  @Test
  void aGradientIsThereBetweenBackwardAndTheEndOfTheStepOnly() {
    LeNet5 network = new LeNet5(10);
    try (DjlModelStep<ArrayBatch> model = model(network, network.inputShape());
        Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(model.manager(), network.inputShape())) {
      assertThat(model.arena().gradient()).isEmpty();
      try (StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
        assertThat(model.arena().gradient()).isEmpty();
        output.loss().orElseThrow().backward();
        assertThat(model.arena().gradient()).isPresent();
      }
      assertThat(model.arena().gradient()).isEmpty();
    }
  }

  private void assertSameGradients(Block block, Shape input) {
    Map<String, float[]> expected = plainGradients(block, input);
    try (DjlModelStep<ArrayBatch> model = model(block, input);
        Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(model.manager(), input);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();

      NDArray flat = model.arena().gradient().orElseThrow();
      assertThat(model.arena().slots())
          .extracting(ArenaSlot::name)
          .containsExactlyInAnyOrderElementsOf(expected.keySet());
      for (ArenaSlot slot : model.arena().slots()) {
        NDArray piece = flat.get(slot.offset() + ":" + (slot.offset() + slot.size()));
        assertThat(slot.fromStorage(piece).toFloatArray())
            .as(slot.name())
            .containsExactly(Objects.requireNonNull(expected.get(slot.name())), within(1e-5f));
      }
    }
  }

  /** The gradients that DJL's own collector and store give, by parameter name. */
  private Map<String, float[]> plainGradients(Block block, Shape input) {
    block.initialize(manager, DataType.FLOAT32, input);
    Map<String, float[]> gradients = new LinkedHashMap<>();
    try (ArrayBatch batch = batch(manager, input)) {
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        ParameterStore store = new ParameterStore(manager, false);
        collector.backward(
            Loss.softmaxCrossEntropyLoss()
                .evaluate(batch.labels(), block.forward(store, batch.inputs(), true)));
      }
      for (Map.Entry<String, Parameter> entry : ParameterNames.of(block).entrySet()) {
        if (entry.getValue().requiresGradient()) {
          gradients.put(entry.getKey(), entry.getValue().getArray().getGradient().toFloatArray());
        }
      }
    }
    assertThat(gradients.values()).allSatisfy(g -> assertThat(g).isNotEqualTo(new float[g.length]));
    return gradients;
  }

  private static void train(DjlModelStep<ArrayBatch> model, Shape input) {
    try (Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars())) {
      Steps.train(model, sgd, batch(model.manager(), input));
    }
  }

  private static DjlModelStep<ArrayBatch> model(Block block, Shape input) {
    return new DjlModelStep<>(block, Loss.softmaxCrossEntropyLoss(), Devices.tested(), 0, input);
  }

  private static ArrayBatch batch(NDManager parent, Shape input) {
    return Networks.batch(parent, 8, input, 5);
  }

  private static float[] values(Block block, String name) {
    Parameter parameter = Objects.requireNonNull(ParameterNames.of(block).get(name));
    return parameter.getArray().toFloatArray();
  }
}
