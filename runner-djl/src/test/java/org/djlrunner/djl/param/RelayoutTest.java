package org.djlrunner.djl.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.djlrunner.IterBasedRunner;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.DjlRunners;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.UpdateSettings;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("O04 O08 a new layout of the arena")
class RelayoutTest {
  private final DjlModelStep<ArrayBatch> model = model();
  private final Sgd sgd =
      new Sgd(model.arena(), SgdOptions.lr(0.1).withMomentum(0.9), model.scalars());

  private static DjlModelStep<ArrayBatch> model() {
    return new DjlModelStep<>(
        Networks.normed(), CrossEntropyLoss.hard(), Device.cpu(), 0, Networks.normedInput());
  }

  @AfterEach
  void close() {
    sgd.close();
    model.close();
  }

  @Test
  @DisplayName("O08 a follower that fails leaves arena, parameters and followers as they were")
  void failingFollower() {
    train(1);
    model.average().update(0.5);
    Map<String, float[]> before = everything();
    ArenaLayout layout = model.arena().layout();
    int live = LiveCount.below(model.manager());
    ArenaFollower failing =
        (old, fresh, values) -> {
          throw new IllegalStateException("injected");
        };
    model.arena().follow(failing);

    assertThatThrownBy(() -> model.freeze(name -> name.startsWith("0.")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("injected");

    assertThat(LiveCount.below(model.manager())).isEqualTo(live);
    assertThat(model.arena().layout()).isSameAs(layout);
    assertThat(everything()).usingRecursiveComparison().isEqualTo(before);
    assertThat(parameter("0.weight").requiresGradient()).isTrue();
    train(2);
    assertThat(everything().get("0.weight")).isNotEqualTo(before.get("0.weight"));
    model.arena().unfollow(failing);
    model.freeze(name -> name.startsWith("0."));
    assertThat(model.arena().layout().indexOf("0.weight")).isNegative();
  }

  @Test
  @DisplayName("O08 so does a parameter among the chosen that can't be trained")
  void wrongType() {
    model.freeze(name -> name.startsWith("4."));
    Parameter bias = parameter("4.bias");
    bias.close();
    bias.initialize(model.manager(), DataType.FLOAT64);
    ArenaLayout layout = model.arena().layout();
    int live = LiveCount.below(model.manager());

    assertThatThrownBy(() -> model.unfreeze(name -> name.startsWith("4.")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter '4.bias' is float64; trainable parameters must be float32");

    assertThat(model.arena().layout()).isSameAs(layout);
    assertThat(parameter("4.weight").requiresGradient()).isFalse();
    assertThat(LiveCount.below(model.manager())).isEqualTo(live);
    model.unfreeze(name -> name.equals("4.weight"));
    assertThat(parameter("4.weight").requiresGradient()).isTrue();
  }

  @Test
  @DisplayName("O04 what stays keeps its gradients, what joins has none of before")
  void gradients() {
    Map<String, float[]> first = gradients(1);
    Map<String, float[]> second = gradients(2);
    model.freeze(name -> name.equals("4.weight"));
    keep(1);
    model.unfreeze(name -> name.equals("4.weight"));
    Map<String, float[]> sums = gradients(2);
    assertThat(sums.keySet()).isEqualTo(second.keySet());
    sums.forEach(
        (name, sum) -> {
          float[] expected = Objects.requireNonNull(second.get(name)).clone();
          for (int i = 0; i < sum.length && !name.equals("4.weight"); i++) {
            expected[i] += Objects.requireNonNull(first.get(name))[i];
          }
          assertThat(sum)
              .as(name)
              .containsExactly(expected, org.assertj.core.data.Offset.offset(1e-6f));
        });
  }

  @Test
  @DisplayName("O04 U01 freezing within a window loses no batch of the parameters that stay")
  void window() {
    Map<String, float[]> plain = afterAWindow(-1);
    for (int iteration = 0; iteration < 3; iteration++) {
      Map<String, float[]> frozen = afterAWindow(iteration);
      assertThat(frozen.remove("4.weight")).as("frozen").isNotEqualTo(plain.get("4.weight"));
      frozen.forEach((name, values) -> assertThat(values).as(name).isEqualTo(plain.get(name)));
    }
  }

  /** Weights after three batches that share an update, with a parameter frozen before one. */
  private static Map<String, float[]> afterAWindow(int freezeAt) {
    try (DjlModelStep<ArrayBatch> fresh = model();
        Sgd sgd = new Sgd(fresh.arena(), SgdOptions.lr(0.1), fresh.scalars())) {
      IterBasedRunner<ArrayBatch> runner = DjlRunners.iterBased(fresh, sgd, 3).build();
      runner.registerHook(new OptimizerHook(UpdateSettings.PLAIN.cumulativeIters(3)));
      runner.registerHook(
          new Hook() {
            @Override
            public void beforeTrainIter(HookContext context) {
              if (context.progress().iter() == freezeAt) {
                fresh.freeze(name -> name.equals("4.weight"));
              }
            }
          });
      List<Supplier<ArrayBatch>> batches = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int size = 3 + i;
        batches.add(() -> Networks.batch(fresh.manager(), size, Networks.normedInput(), size));
      }
      runner.run(List.of(new ListLoader<>(batches)), Workflow.training());
      return values(fresh.block());
    }
  }

  @Test
  @DisplayName("O04 between a step and its backward, freezing is refused and changes nothing")
  void betweenStepAndBackward() {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(1);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      assertThatThrownBy(() -> model.freeze(name -> name.equals("4.weight")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("between a training step and its backward")
          .hasMessageContaining("before the step, or after the update");
      assertThat(model.arena().layout().indexOf("4.weight")).isNotNegative();
      output.loss().orElseThrow().backward();
      float[] before = values(model.block()).get("4.weight");
      sgd.step();
      assertThat(values(model.block()).get("4.weight")).isNotEqualTo(before);
      model.freeze(name -> name.equals("4.weight"));
    }
    train(2);
  }

  private ArrayBatch batch(long seed) {
    return Networks.batch(model.manager(), 8, Networks.normedInput(), seed);
  }

  private void train(long seed) {
    Steps.train(model, sgd, batch(seed));
  }

  private void keep(long seed) {
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(seed);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      sgd.keepGrad();
    }
  }

  /** What a batch leaves, added to what was kept. */
  private Map<String, float[]> gradients(long seed) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    try (Scope training = model.enter(Mode.TRAIN);
        ArrayBatch batch = batch(seed);
        StepOutput output = model.trainStep(batch, Steps.CONTEXT)) {
      output.loss().orElseThrow().backward();
      float[] flat = model.arena().gradient().orElseThrow().toFloatArray();
      for (ArenaSlot slot : model.arena().slots()) {
        gradients.put(
            slot.name(),
            java.util.Arrays.copyOfRange(
                flat, (int) slot.offset(), (int) (slot.offset() + slot.size())));
      }
    }
    return gradients;
  }

  /** All parameters, averages and optimizer states. */
  private Map<String, float[]> everything() {
    Map<String, float[]> all = values(model.block());
    try (var scratch = model.manager().newSubManager()) {
      all.put("average", model.average().copy(scratch).toFloatArray());
      sgd.state(scratch)
          .parameters()
          .forEach(
              (name, states) ->
                  states.forEach(
                      (state, array) -> all.put(state + " of " + name, array.toFloatArray())));
    }
    return all;
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(ParameterNames.of(model.block()).get(name));
  }

  private static Map<String, float[]> values(Block block) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach((name, parameter) -> values.put(name, parameter.getArray().toFloatArray()));
    return values;
  }
}
