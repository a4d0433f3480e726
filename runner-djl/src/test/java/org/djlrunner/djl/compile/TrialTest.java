package org.djlrunner.djl.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Networks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("N09 a compiled network is tried against its blocks before it is used")
class TrialTest {
  @Test
  @DisplayName("N09 one that computes something else in training is refused")
  void otherInTraining() {
    // A trace sees the first two training passes.
    assertThatThrownBy(() -> compile(fickle(pass -> pass <= 2 ? 1 : 2)))
        .isInstanceOf(NotCompilableException.class)
        .hasMessageContaining("the compiled network's output in training differs from the blocks'");
  }

  @Test
  @DisplayName("N09 so is one that moves running statistics elsewhere")
  void otherStatistics() {
    Block block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(fickleBlock(pass -> pass <= 2 ? 1 : 3))
            .add(BatchNorm.builder().build())
            .add(Linear.builder().setUnits(10).build());
    assertThatThrownBy(() -> compile(block))
        .isInstanceOf(NotCompilableException.class)
        .hasMessageContaining("the compiled network's running mean or variance differs");
  }

  @Test
  @DisplayName("N09 a trial changes neither weights nor running statistics")
  void changesNothing() {
    Block block = Networks.normed();
    try (DjlModelStep<ArrayBatch> model = model(block)) {
      Map<String, float[]> before = values(block);
      assertThat(model.computation(images()).compiled()).isTrue();
      assertThat(values(block)).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  @DisplayName("N09 N03 what a network puts out has any shape where the loss is not compiled in")
  void anyOutput() {
    Block turned =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(10).build())
            .add(new LambdaBlock(list -> new NDList(list.head().transpose()), "turned"));
    try (DjlModelStep<ArrayBatch> model = model(turned, Loss.l2Loss())) {
      assertThat(model.computation(images()).compiled()).isTrue();
    }
  }

  @Test
  @DisplayName("N09 with dropout it is tried in evaluation only, and draws no random number")
  void dropout() {
    Block block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Dropout.builder().optRate(0.5f).build())
            .add(Linear.builder().setUnits(10).build());
    try (DjlModelStep<ArrayBatch> model = model(block)) {
      JniUtils.setSeed(1);
      float expected = model.manager().randomNormal(new Shape(1)).getFloat();
      JniUtils.setSeed(1);
      assertThat(model.computation(images()).compiled()).isTrue();
      assertThat(model.manager().randomNormal(new Shape(1)).getFloat()).isEqualTo(expected);
    }
  }

  private static Block fickle(IntFunction<Integer> factor) {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(fickleBlock(factor))
        .add(Linear.builder().setUnits(10).build());
  }

  /** Multiplies by a number that depends on the training pass, from 1. */
  private static Block fickleBlock(IntFunction<Integer> factor) {
    return new AbstractBlock() {
      private int passes;

      @Override
      protected NDList forwardInternal(
          ParameterStore store,
          NDList inputs,
          boolean training,
          @Nullable PairList<String, Object> params) {
        int by = training ? factor.apply(++passes) : 1;
        return new NDList(inputs.head().mul(by));
      }

      @Override
      public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
      }
    };
  }

  private static void compile(Block block) {
    try (DjlModelStep<ArrayBatch> model = model(block)) {
      model.computation(images());
    }
  }

  private static InputSpec images() {
    return new InputSpec(
        List.of(Networks.normedInput().slice(1)), List.of(DataType.FLOAT32), false);
  }

  private static Map<String, float[]> values(Block block) {
    Map<String, float[]> values = new LinkedHashMap<>();
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              NDArray array = parameter.getArray();
              values.put(name, array.toFloatArray());
            });
    return values;
  }

  private static DjlModelStep<ArrayBatch> model(Block block) {
    return model(block, CrossEntropyLoss.hard());
  }

  private static DjlModelStep<ArrayBatch> model(Block block, Loss loss) {
    return new DjlModelStep<>(
        block,
        loss,
        Device.cpu(),
        3,
        Networks.normedInput(),
        new StepOptions(Precision.FP32, Compile.ALWAYS));
  }
}
