package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every optimizer over an arena does, on a net of convolution, normalisation and layer. */
class OptimizerContractTest {
  private static DjlModelStep<ArrayBatch> model() {
    return model(Networks.normed());
  }

  private static DjlModelStep<ArrayBatch> model(Block block) {
    return new DjlModelStep<>(
        block, Loss.softmaxCrossEntropyLoss(), Devices.tested(), 3, Networks.normedInput());
  }

  private static List<GroupSpec> groups(boolean momentum) {
    return List.of(
        new GroupSpec("filters", n -> n.startsWith("0."), Map.of("lr", 0.02)),
        new GroupSpec("norm", n -> n.startsWith("1."), Map.of("weight_decay", 0.0)),
        new GroupSpec(
            "head", n -> n.startsWith("4."), momentum ? Map.of("momentum", 0.5) : Map.of()));
  }

  private static ArenaOptimizer optimizer(String kind, DjlModelStep<?> model) {
    boolean momentum = kind.equals("SGD") || kind.equals("RMSprop");
    return RecordedOptions.optimizer(
        kind,
        momentum
            ? Map.of("lr", 0.01, "momentum", 0.9, "weight_decay", 0.01)
            : Map.of("lr", 0.01, "weight_decay", 0.01),
        model,
        groups(momentum));
  }

  private static void train(DjlModelStep<ArrayBatch> model, ArenaOptimizer optimizer, long seed) {
    Steps.train(model, optimizer, Networks.batch(model.manager(), 8, Networks.normedInput(), seed));
  }

  private static Map<String, float[]> values(DjlModelStep<?> model) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(model.block())
        .forEach((name, parameter) -> values.put(name, parameter.getArray().toFloatArray()));
    return values;
  }

  private static float[] value(DjlModelStep<?> model, String name) {
    return Objects.requireNonNull(values(model).get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax"})
  @DisplayName("O03 a loaded state goes on as if there had been no interruption")
  void roundTrip(String kind) {
    try (DjlModelStep<ArrayBatch> model = model();
        DjlModelStep<ArrayBatch> other = model()) {
      ArenaOptimizer first = optimizer(kind, model);
      ArenaOptimizer second = optimizer(kind, other);
      for (int i = 0; i < 3; i++) {
        train(model, first, i);
        train(other, second, i);
      }
      first.paramGroups().get(0).setLr(0.005);
      second.paramGroups().get(0).setLr(0.005);
      try (NDManager scratch = other.manager().newSubManager();
          ArenaOptimizer resumed = optimizer(kind, other)) {
        resumed.load(second.state(scratch));
        second.close();
        for (int i = 3; i < 6; i++) {
          train(model, first, i);
          train(other, resumed, i);
        }
      }
      first.close();
      assertThat(values(other)).usingRecursiveComparison().isEqualTo(values(model));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax"})
  @DisplayName("O04 frozen parameters stay bit for bit; the others go on with their state")
  void freezing(String kind) {
    try (DjlModelStep<ArrayBatch> model = model();
        ArenaOptimizer optimizer = optimizer(kind, model);
        NDManager scratch = model.manager().newSubManager()) {
      train(model, optimizer, 1);
      float[] frozen = value(model, "0.weight");
      float[] free = value(model, "4.weight");
      int before = optimizer.state(scratch).parameters().size();

      model.freeze(name -> name.startsWith("0."));

      assertThat(value(model, "4.weight")).isEqualTo(free);
      assertThat(optimizer.state(scratch).parameters()).hasSize(before - 2);
      train(model, optimizer, 2);
      assertThat(value(model, "0.weight")).isEqualTo(frozen);
      assertThat(value(model, "4.weight")).isNotEqualTo(free);

      model.unfreeze(name -> name.equals("0.weight"));
      assertThat(optimizer.state(scratch).parameters()).doesNotContainKey("0.weight");
      train(model, optimizer, 3);
      assertThat(value(model, "0.weight")).isNotEqualTo(frozen);
    }
  }

  @AlsoOnGpu
  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax"})
  @DisplayName("O01 fifty steps in three groups equal plain arithmetic, parameter by parameter")
  void plainArithmetic(String kind) {
    // The gradient of a bias before a norm is rounding noise, which most of these optimizers blow
    // up.
    try (DjlModelStep<ArrayBatch> model = model(Networks.normed(false));
        ArenaOptimizer optimizer = optimizer(kind, model);
        NDManager scratch = model.manager().newSubManager()) {
      List<OptimizerState.Group> groups = optimizer.state(scratch).groups();
      float[] master = model.arena().master().toFloatArray();
      Map<ArenaSlot, PlainOptimizer> plain = new LinkedHashMap<>();
      for (ArenaSlot slot : model.arena().slots()) {
        plain.put(slot, new PlainOptimizer(kind, piece(master, slot)));
      }
      for (int i = 0; i < 50; i++) {
        try (Scope training = model.enter(Mode.TRAIN);
            ArrayBatch batch = Networks.batch(model.manager(), 8, Networks.normedInput(), i);
            StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
          optimizer.zeroGrad();
          output.loss().orElseThrow().backward();
          float[] gradient = model.arena().gradient().orElseThrow().toFloatArray();
          plain.forEach(
              (slot, one) -> one.step(piece(gradient, slot), options(groups, slot.name())));
          optimizer.step();
        }
      }
      float[] trained = model.arena().master().toFloatArray();
      plain.forEach(
          (slot, one) ->
              assertThat(distance(piece(trained, slot), one.weights()))
                  .as(slot.name())
                  .isLessThan(1e-6));
    }
  }

  private static float[] piece(float[] flat, ArenaSlot slot) {
    return Arrays.copyOfRange(flat, (int) slot.offset(), (int) (slot.offset() + slot.size()));
  }

  private static Map<String, Double> options(List<OptimizerState.Group> groups, String name) {
    return groups.stream()
        .filter(group -> group.members().contains(name))
        .findFirst()
        .orElseThrow()
        .options();
  }

  /** Length of the difference over length. */
  private static double distance(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }

  @AlsoOnGpu
  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam"})
  @DisplayName("O03 a state that doesn't fit is refused with all differences, and changes nothing")
  void misfit(String kind) {
    try (DjlModelStep<ArrayBatch> model = model();
        ArenaOptimizer optimizer = optimizer(kind, model);
        NDManager scratch = model.manager().newSubManager()) {
      train(model, optimizer, 1);
      OptimizerState good = optimizer.state(scratch);
      OptimizerState bad =
          new OptimizerState(
              "Other",
              good.groups(),
              Map.of(
                  "absent", Map.of(), "4.bias", Map.of("odd", scratch.create(new float[] {1f}))));
      assertThatThrownBy(() -> optimizer.load(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("saved is Other, here it is " + kind)
          .hasMessageContaining("state of 'absent'")
          .hasMessageContaining("odd of '4.bias', a state that is unknown here");
      assertThat(optimizer.state(scratch).parameters().keySet())
          .isEqualTo(good.parameters().keySet());
    }
  }

  @AlsoOnGpu
  @ParameterizedTest
  @ValueSource(strings = {"SGD", "Adam"})
  @DisplayName("O01 two optimizers share an arena; each touches its own parameters only")
  void disjoint(String kind) {
    try (DjlModelStep<ArrayBatch> model = model();
        ArenaOptimizer head =
            RecordedOptions.optimizer(
                kind,
                Map.of("lr", 0.1),
                model,
                List.of(new GroupSpec("head", n -> n.startsWith("4."), Map.of())));
        ArenaOptimizer body =
            RecordedOptions.optimizer(
                kind,
                Map.of("lr", 0.1),
                model,
                List.of(new GroupSpec("body", n -> !n.startsWith("4."), Map.of())));
        Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = Networks.batch(model.manager(), 8, Networks.normedInput(), 1);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      float[] filters = value(model, "0.weight");
      float[] layer = value(model, "4.weight");
      output.loss().orElseThrow().backward();
      body.zeroGrad();
      body.step();
      assertThat(value(model, "0.weight")).isEqualTo(filters);
      assertThat(Steps.read(body.clipGradNorm(1, 2))).isZero();
      head.step();
      assertThat(value(model, "0.weight")).isEqualTo(filters);
      assertThat(value(model, "4.weight")).isNotEqualTo(layer);
    }
  }

  @AlsoOnGpu
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @DisplayName("O02 kept gradients add up, once a step, and end with the first step not kept")
  void accumulation(int times) {
    try (DjlModelStep<ArrayBatch> model = model();
        ArenaOptimizer sgd = optimizer("SGD", model)) {
      double norm = gradientNorm(model, sgd, 0, false);
      for (int i = 0; i < times; i++) {
        gradientNorm(model, sgd, 2, false);
      }
      assertThat(gradientNorm(model, sgd, 0, true))
          .isCloseTo((times + 1) * norm, within(1e-5 * norm * (times + 1)));
      assertThat(gradientNorm(model, sgd, 0, false)).isCloseTo(norm, within(1e-5 * norm));
    }
  }

  private static double gradientNorm(
      DjlModelStep<ArrayBatch> model, ArenaOptimizer optimizer, int keeps, boolean read) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = Networks.batch(model.manager(), 8, Networks.normedInput(), 1);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      for (int i = 0; i < keeps; i++) {
        optimizer.keepGrad();
      }
      return read || keeps == 0 ? Steps.read(optimizer.clipGradNorm(1e9, 2)) : 0;
    }
  }
}
