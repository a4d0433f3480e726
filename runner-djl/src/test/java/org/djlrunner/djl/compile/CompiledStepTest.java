package org.djlrunner.djl.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.djlrunner.djl.Computation;
import org.djlrunner.djl.DjlModelStep;
import org.djlrunner.djl.StepOptions;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.djlrunner.djl.vision.ResNet;
import org.djlrunner.djl.vision.ResNetDepth;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("N01 N02 a compiled step computes what the blocks do")
class CompiledStepTest {
  private static final Shape IMAGE = new Shape(1, 3, 8, 8);

  /** By how much the compiled step may differ, in units of what blocks differ by themselves. */
  private static final double SLACK = 10;

  /** Makes a fresh network. */
  interface Maker {
    Block make();
  }

  static Stream<Named<Maker>> networks() {
    return Stream.of(
        Named.of("convolution, norm, linear", Networks::normed),
        Named.of("ResNet-18", () -> new ResNet(ResNetDepth.of(18), 10, true)),
        Named.of("ResNet-50, large stem", () -> new ResNet(ResNetDepth.of(50), 10, false)),
        Named.of("grouped and strided convolutions", CompiledStepTest::grouped),
        Named.of("branches that are concatenated", CompiledStepTest::branches),
        Named.of("dropout and layer norm", CompiledStepTest::droppedOut),
        Named.of("pools of all kinds", CompiledStepTest::pools),
        Named.of("activations", CompiledStepTest::activations),
        Named.of("arithmetic in a lambda", CompiledStepTest::arithmetic),
        Named.of("in-place arithmetic", CompiledStepTest::inPlace));
  }

  @AlsoOnGpu
  @ParameterizedTest
  @MethodSource("networks")
  @DisplayName("losses, weights, running statistics and evaluation agree over steps of any size")
  void agrees(Maker maker) {
    Map<String, List<Double>> blocks = record(maker.make(), Compile.NEVER);
    Map<String, List<Double>> compiled = record(maker.make(), Compile.ALWAYS);
    // cuDNN may add a gradient's terms in any order, so on a GPU blocks differ from themselves.
    Map<String, List<Double>> again =
        Devices.isGpuTested() ? record(maker.make(), Compile.NEVER) : blocks;
    assertThat(compiled.keySet()).isEqualTo(blocks.keySet());
    blocks.forEach(
        (name, values) -> {
          double scale = values.stream().mapToDouble(Math::abs).max().orElseThrow();
          double noise = largestDistance(values, Objects.requireNonNull(again.get(name)));
          for (int i = 0; i < values.size(); i++) {
            assertThat(Objects.requireNonNull(compiled.get(name)).get(i))
                .as(name)
                .isCloseTo(values.get(i), within(1e-5 * scale + 1e-12 + SLACK * noise));
          }
        });
  }

  private static double largestDistance(List<Double> values, List<Double> others) {
    double largest = 0;
    for (int i = 0; i < values.size(); i++) {
      largest = Math.max(largest, Math.abs(values.get(i) - others.get(i)));
    }
    return largest;
  }

  private static Map<String, List<Double>> record(Block block, Compile compile) {
    Map<String, List<Double>> record = new LinkedHashMap<>();
    try (DjlModelStep<ArrayBatch> model = model(block, IMAGE, compile, Precision.FP32);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.05).withMomentum(0.9), model.scalars())) {
      int[] sizes = {4, 4, 1 + 2, 5};
      for (int i = 0; i < sizes.length; i++) {
        record.put(
            "loss " + i,
            List.of(Steps.train(model, sgd, Networks.batch(model.manager(), sizes[i], IMAGE, i))));
      }
      Map<String, Double> evaluated =
          Steps.validate(model, Networks.batch(model.manager(), 6, IMAGE, 9));
      record.put("evaluation", List.copyOf(evaluated.values()));
      ParameterNames.of(block)
          .forEach((name, parameter) -> record.put(name, numbers(parameter.getArray())));
    }
    return record;
  }

  private static List<Double> numbers(NDArray array) {
    List<Double> numbers = new ArrayList<>();
    for (float number : array.toFloatArray()) {
      numbers.add((double) number);
    }
    return numbers;
  }

  private static DjlModelStep<ArrayBatch> model(
      Block block, Shape input, Compile compile, Precision precision) {
    return new DjlModelStep<>(
        block,
        CrossEntropyLoss.hard(),
        Devices.tested(),
        3,
        input,
        new StepOptions(precision, compile));
  }

  @Test
  @DisplayName("N03 a network that can't be compiled runs as blocks and says which block is why")
  void fallsBack() {
    try (DjlModelStep<ArrayBatch> model =
        model(recurrent(), new Shape(1, 4, 6), Compile.AUTO, Precision.FP32)) {
      InputSpec inputs = new InputSpec(List.of(new Shape(4, 6)), List.of(DataType.FLOAT32), false);
      assertThat(model.computation(inputs))
          .extracting(Computation::compiled, Computation::precision)
          .containsExactly(false, Precision.FP32);
      assertThat(model.computation(inputs).toString())
          .startsWith("block by block, fp32 (block LSTM");
      Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.05), model.scalars());
      ArrayBatch batch = Networks.batch(model.manager(), 3, new Shape(1, 4, 6), 1);
      assertThat(Steps.train(model, sgd, batch)).isPositive();
    }
  }

  @Test
  @DisplayName("N03 where compilation is demanded, the same is an error")
  void refuses() {
    InputSpec inputs = new InputSpec(List.of(new Shape(4, 6)), List.of(DataType.FLOAT32), false);
    try (DjlModelStep<ArrayBatch> demanded =
            model(recurrent(), new Shape(1, 4, 6), Compile.ALWAYS, Precision.FP32);
        DjlModelStep<ArrayBatch> low =
            model(recurrent(), new Shape(1, 4, 6), Compile.AUTO, Precision.BF16)) {
      assertThatThrownBy(() -> demanded.computation(inputs))
          .isInstanceOf(NotCompilableException.class)
          .hasMessageContaining("was demanded: block LSTM");
      assertThatThrownBy(() -> low.computation(inputs))
          .isInstanceOf(NotCompilableException.class)
          .hasMessageContaining("which a low precision needs: block LSTM");
    }
    assertThatThrownBy(() -> new StepOptions(Precision.BF16, Compile.NEVER))
        .hasMessage("precision bf16 needs a compiled step; let compile be auto, or use fp32");
  }

  @Test
  @DisplayName("N03 what reads numbers back, or depends on the batch's size, is not compiled")
  void refusesWhatATraceCannotSee() {
    Block reading =
        new LambdaBlock(
            list -> new NDList(list.head().mul(list.head().sum().getFloat())), "reading");
    Block counting =
        new LambdaBlock(list -> new NDList(list.head().mul(list.head().size(0))), "counting");
    Block creating =
        new LambdaBlock(
            list -> new NDList(list.head().add(list.head().getManager().ones(new Shape(1)))),
            "creating");
    for (Block block : List.of(reading, counting, creating)) {
      Block network = new SequentialBlock().add(Linear.builder().setUnits(10).build()).add(block);
      try (DjlModelStep<ArrayBatch> model =
          model(network, new Shape(1, 6), Compile.AUTO, Precision.FP32)) {
        InputSpec inputs = new InputSpec(List.of(new Shape(6)), List.of(DataType.FLOAT32), false);
        assertThat(model.computation(inputs).compiled()).isFalse();
        assertThat(model.computation(inputs).reason()).isNotEmpty();
      }
    }
  }

  @AlsoOnGpu
  @Test
  @DisplayName("N04 a low precision computes near float32, and only float32 comes out")
  void lowPrecision() {
    double expected =
        Objects.requireNonNull(record(Networks.normed(), Compile.ALWAYS).get("loss 0")).get(0);
    for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
      Block block = Networks.normed();
      try (DjlModelStep<ArrayBatch> model = model(block, IMAGE, Compile.ALWAYS, precision)) {
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.05), model.scalars());
        double loss = Steps.train(model, sgd, Networks.batch(model.manager(), 4, IMAGE, 0));
        assertThat(loss).isNotEqualTo(expected).isCloseTo(expected, within(0.03));
        assertThat(model.arena().master().getDataType()).isEqualTo(DataType.FLOAT32);
        ParameterNames.of(block)
            .forEach(
                (name, parameter) ->
                    assertThat(parameter.getArray().getDataType()).isEqualTo(DataType.FLOAT32));
      }
    }
  }

  private static Block recurrent() {
    return new SequentialBlock()
        .add(LSTM.builder().setStateSize(5).setNumLayers(1).optReturnState(false).build())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block grouped() {
    return new SequentialBlock()
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .setFilters(6)
                .optGroups(3)
                .optStride(new Shape(2, 1))
                .optPadding(new Shape(1, 2))
                .build())
        .add(
            Conv2d.builder()
                .setKernelShape(new Shape(2, 2))
                .setFilters(4)
                .optDilation(new Shape(2, 1))
                .optBias(false)
                .build())
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).optBias(false).build());
  }

  private static Block branches() {
    ParallelBlock parallel =
        new ParallelBlock(
            results ->
                new NDList(
                    NDArrays.concat(new NDList(results.stream().map(NDList::head).toList()), 1)));
    for (int filters = 2; filters < 5; filters++) {
      parallel.add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(filters).build());
    }
    return new SequentialBlock()
        .add(parallel)
        .add(BatchNorm.builder().optScale(true).build())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block droppedOut() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(16).build())
        .add(LayerNorm.builder().build())
        .add(Dropout.builder().optRate(0.4f).build())
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block pools() {
    return new SequentialBlock()
        .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(1, 1), new Shape(1, 1)))
        .add(Pool.avgPool2dBlock(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0)))
        .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(7).build())
        .add(
            new ParallelBlock(
                    results -> new NDList(results.get(0).head().add(results.get(1).head())))
                .add(Pool.globalAvgPool2dBlock())
                .add(Pool.globalMaxPool2dBlock()))
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block activations() {
    SequentialBlock block =
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(12).build());
    for (Block activation :
        List.of(
            Activation.tanhBlock(),
            Activation.sigmoidBlock(),
            Activation.softPlusBlock(),
            Activation.leakyReluBlock(0.1f),
            Activation.eluBlock(0.7f),
            Activation.seluBlock(),
            Activation.geluBlock(),
            Activation.relu6Block(),
            Activation.swishBlock(1.5f),
            Activation.mishBlock())) {
      block.add(activation).add(Linear.builder().setUnits(12).build());
    }
    return block.add(Linear.builder().setUnits(10).build());
  }

  private static Block arithmetic() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build())
        .add(
            new LambdaBlock(
                list -> {
                  NDArray x = list.head();
                  NDArray weights = x.softmax(1).add(0.5).sub(x.mean(new int[] {1}, true));
                  NDArray both = x.mul(weights).div(2).neg().add(x.abs().add(1).log());
                  return new NDList(
                      both.reshape(both.getShape().get(0), 2, 5).transpose(0, 2, 1).flatten(1, 2));
                },
                "arithmetic"))
        .add(Linear.builder().setUnits(10).build());
  }

  private static Block inPlace() {
    return new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(10).build())
        .add(
            new LambdaBlock(
                list -> {
                  NDArray doubled = list.head().mul(2);
                  doubled.addi(list.head()).muli(0.5);
                  return new NDList(doubled);
                },
                "in place"))
        .add(Linear.builder().setUnits(10).build());
  }
}
