package org.djlrunner.djl.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Map;
import org.djlrunner.Mode;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("O09 U11 what an arena's optimizers say of their parameters")
class ParametersOfOptimizersTest {
  private static final Shape INPUT = new Shape(1, 6);

  /** Two layers side by side, of which the second's output is not used. */
  private static DjlModelStep<ArrayBatch> model(Compile compile) {
    Block block =
        new ParallelBlock(results -> results.get(0))
            .add(Linear.builder().setUnits(10).build())
            .add(Linear.builder().setUnits(10).build());
    return new DjlModelStep<>(
        block,
        CrossEntropyLoss.hard(),
        Device.cpu(),
        0,
        INPUT,
        new StepOptions(Precision.FP32, compile));
  }

  private static Sgd sgd(DjlModelStep<?> model, GroupSpec group) {
    return new Sgd(model.arena(), SgdOptions.lr(0.1), List.of(group), model.scalars());
  }

  @ParameterizedTest
  @EnumSource(names = {"ALWAYS", "NEVER"})
  @DisplayName(
      "U11 parameters without part in the loss are idle, those of others and frozen ones not")
  void idle(Compile compile) {
    try (DjlModelStep<ArrayBatch> model = model(compile);
        Sgd weights = sgd(model, new GroupSpec("w", n -> n.endsWith("weight"), Map.of()));
        Sgd biases = sgd(model, new GroupSpec("b", n -> n.endsWith("bias"), Map.of()))) {
      assertThat(weights.idleParameters()).hasSize(2);
      assertThat(idle(model, weights)).containsExactly("1.weight (10, 6)");
      assertThat(idle(model, biases)).containsExactly("1.bias (10)");
      model.freeze(name -> name.equals("1.weight"));
      assertThat(idle(model, weights)).isEmpty();
    }
  }

  private static List<String> idle(DjlModelStep<ArrayBatch> model, Sgd optimizer) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = Networks.batch(model.manager(), 4, INPUT, 1);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      return optimizer.idleParameters();
    }
  }

  @Test
  @DisplayName("O09 overlapping groups of two optimizers are refused, frozen parameters too")
  void overlapping() {
    try (DjlModelStep<ArrayBatch> model = model(Compile.NEVER);
        DjlModelStep<ArrayBatch> other = model(Compile.NEVER);
        Sgd first = sgd(model, new GroupSpec("0", n -> n.startsWith("0."), Map.of()));
        Sgd rest = sgd(model, new GroupSpec("1", n -> n.startsWith("1."), Map.of()));
        Sgd all = sgd(model, GroupSpec.all().get(0));
        Sgd elsewhere = sgd(other, GroupSpec.all().get(0))) {
      model.freeze(name -> name.equals("0.bias"));
      assertThatThrownBy(() -> DjlRunners.iterBased(model, first, 1).optimizer("all", all).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "optimizers 'default' and 'all' both update 0.weight, 0.bias;"
                  + " give each parameter to one of them, by their groups");
      DjlRunners.iterBased(model, first, 1)
          .optimizer("rest", rest)
          .optimizer("elsewhere", elsewhere)
          .build();
    }
  }

  @Test
  @DisplayName("O04 X11 an optimizer whose part is frozen updates nothing until it is unfrozen")
  void frozenPart() {
    try (DjlModelStep<ArrayBatch> model = model(Compile.NEVER)) {
      model.freeze(name -> name.equals("0.weight"));
      try (Sgd first = sgd(model, GroupSpec.of("0", List.of("0.weight"), Map.of()));
          Sgd second = sgd(model, new GroupSpec("rest", n -> !n.equals("0.weight"), Map.of()))) {
        float[] before = weight(model);
        update(model, first, second);
        assertThat(weight(model)).isEqualTo(before);
        model.unfreeze(name -> name.equals("0.weight"));
        update(model, first, second);
        assertThat(weight(model)).isNotEqualTo(before);
      }
    }
  }

  private static float[] weight(DjlModelStep<?> model) {
    return model.arena().parameter("0.weight").getArray().toFloatArray();
  }

  private static void update(DjlModelStep<ArrayBatch> model, Sgd... optimizers) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = Networks.batch(model.manager(), 4, INPUT, 1);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      for (Sgd optimizer : optimizers) {
        optimizer.zeroGrad();
      }
      output.loss().orElseThrow().backward();
      for (Sgd optimizer : optimizers) {
        assertThat(optimizer.clipGradNorm(5, 2)).isNotNull();
        optimizer.step();
      }
    }
  }
}
