package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.compile.NotCompilableException;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.LiveCount;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.djl.testkit.Steps;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("N08 a network is compiled for a bounded number of kinds of inputs")
class NetworkKindsTest {
  private static final String BEYOND = "its inputs came in 8 kinds before (3, 12, 4) float32";

  @Test
  @DisplayName("N08 further shapes run block by block, with the same numbers, and leave nothing")
  void blocksBeyond() {
    try (DjlModelStep<ArrayBatch> model = model(Compile.AUTO);
        DjlModelStep<ArrayBatch> blocks = model(Compile.NEVER);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1), model.scalars());
        Sgd plain = new Sgd(blocks.arena(), SgdOptions.lr(0.1), blocks.scalars())) {
      int arrays = 0;
      for (int kind = 0; kind < 12; kind++) {
        double loss = Steps.train(model, sgd, batch(model, kind));
        assertThat(loss)
            .isCloseTo(
                Steps.train(blocks, plain, batch(blocks, kind)),
                org.assertj.core.api.Assertions.within(1e-5));
        assertThat(model.computation(spec(kind)).compiled()).isEqualTo(kind < Network.MAX_KINDS);
        int now = LiveCount.below(model.manager());
        assertThat(kind <= Network.MAX_KINDS || now == arrays).as("kind %d", kind).isTrue();
        arrays = now;
      }
      assertThat(model.computation(spec(8)).reason()).isEqualTo(BEYOND);
      assertThat(model.computation(spec(3)).compiled()).isTrue();
    }
  }

  @Test
  @DisplayName("N08 N03 where compilation is demanded, one shape more is an error")
  void refusedBeyond() {
    try (DjlModelStep<ArrayBatch> model = model(Compile.ALWAYS)) {
      for (int kind = 0; kind < Network.MAX_KINDS; kind++) {
        model.computation(spec(kind));
      }
      assertThatThrownBy(() -> model.computation(spec(8)))
          .isInstanceOf(NotCompilableException.class)
          .hasMessage(
              "the network can't be compiled, which was demanded: "
                  + BEYOND
                  + "; bring inputs to few shapes, or use compile: auto and fp32");
    }
  }

  @Test
  @DisplayName("N08 freezing forgets what was compiled and frees all of it")
  void frees() {
    try (DjlModelStep<ArrayBatch> model = model(Compile.ALWAYS)) {
      int before = LiveCount.below(model.manager());
      for (int kind = 0; kind < 3; kind++) {
        model.computation(spec(kind));
      }
      assertThat(LiveCount.below(model.manager())).isGreaterThan(before);
      model.freeze(name -> name.equals("0.weight"));
      assertThat(LiveCount.below(model.manager())).isEqualTo(before);
    }
  }

  private static InputSpec spec(int kind) {
    return new InputSpec(List.of(new Shape(3, 4 + kind, 4)), List.of(DataType.FLOAT32), false);
  }

  private static ArrayBatch batch(DjlModelStep<?> model, int kind) {
    return Networks.batch(model.manager(), 2, new Shape(1, 3, 4 + kind, 4), kind);
  }

  private static DjlModelStep<ArrayBatch> model(Compile compile) {
    Block block =
        new SequentialBlock()
            .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
            .add(Pool.globalAvgPool2dBlock())
            .add(Linear.builder().setUnits(10).build());
    return new DjlModelStep<>(
        block,
        CrossEntropyLoss.hard(),
        Device.cpu(),
        3,
        new Shape(1, 3, 4, 4),
        new StepOptions(Precision.FP32, compile));
  }
}
