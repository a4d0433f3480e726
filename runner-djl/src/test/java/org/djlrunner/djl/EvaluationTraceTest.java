package org.djlrunner.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.Mode;
import org.djlrunner.Workflow;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.loss.CrossEntropyLoss;
import org.djlrunner.djl.metric.Averaging;
import org.djlrunner.djl.metric.ClassScore;
import org.djlrunner.djl.metric.ClassificationMetrics;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.djl.testkit.AlsoOnGpu;
import org.djlrunner.djl.testkit.ArrayBatch;
import org.djlrunner.djl.testkit.Devices;
import org.djlrunner.djl.testkit.ListLoader;
import org.djlrunner.djl.testkit.Networks;
import org.djlrunner.hook.EvalHook;
import org.djlrunner.hook.EvalSchedule;
import org.djlrunner.hook.EvaluationPass;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network with dropout and batch normalisation trains the same with and without evaluations. */
@AlsoOnGpu
class EvaluationTraceTest {
  private static final Shape INPUT = Networks.normedInput();

  private static Block network() {
    return new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Dropout.builder().optRate(0.4f).build())
        .add(Linear.builder().setUnits(10).build());
  }

  /**
   * What a run leaves.
   *
   * @param weights all parameters and running statistics
   * @param losses of each training iteration, as logged
   * @param evaluations how many there were
   */
  private record Trace(Map<String, List<Float>> weights, List<Double> losses, int evaluations) {}

  private static Trace run(Compile compile, EvalSchedule... schedules) {
    StepOptions options = new StepOptions(Precision.FP32, compile);
    RecordingSink sink = new RecordingSink();
    try (DjlModelStep<ArrayBatch> model =
            new DjlModelStep<>(
                network(), CrossEntropyLoss.hard(), Devices.tested(), 3, INPUT, options);
        Sgd sgd = new Sgd(model.arena(), SgdOptions.lr(0.1).withMomentum(0.9), model.scalars())) {
      var runner = EpochBasedRunner.builder(model, 2).optimizer(sgd).build();
      runner.registerHook(new OptimizerHook());
      for (EvalSchedule schedule : schedules) {
        runner.registerHook(
            new EvalHook<>(
                schedule.unit().word(),
                new EvaluationPass<>(
                    model, loader(model, 2, 100), () -> model.beginEvaluation(all(), List.of())),
                schedule));
      }
      runner.registerHook(sink.everyIteration());
      runner.run(List.of(loader(model, 5, 0)), Workflow.training());
      Map<String, List<Float>> weights = new LinkedHashMap<>();
      ParameterNames.of(model.block())
          .forEach(
              (name, parameter) -> {
                List<Float> values = new ArrayList<>();
                for (float value : parameter.getArray().toFloatArray()) {
                  values.add(value);
                }
                weights.put(name, values);
              });
      return new Trace(
          weights,
          sink.records().stream()
              .filter(r -> r.mode().equals(Mode.TRAIN))
              .map(r -> r.values().get("loss"))
              .toList(),
          (int) sink.records().stream().filter(r -> r.mode().equals(Mode.VAL)).count());
    }
  }

  private static ListLoader<ArrayBatch> loader(
      DjlModelStep<ArrayBatch> model, int batches, long seed) {
    List<Supplier<ArrayBatch>> made = new ArrayList<>();
    for (int b = 0; b < batches; b++) {
      long own = seed + b;
      made.add(() -> Networks.batch(model.manager(), 8, INPUT, own));
    }
    return new ListLoader<>(made);
  }

  private static ClassificationMetrics all() {
    return new ClassificationMetrics(
        List.of(1, 5),
        List.of(0.0, 0.3),
        EnumSet.allOf(ClassScore.class),
        Averaging.MACRO,
        true,
        OptionalInt.of(15));
  }

  @ParameterizedTest
  @EnumSource(names = {"NEVER", "ALWAYS"})
  @DisplayName("V06 H05 weights, statistics, dropout masks and losses are the same bit for bit")
  void untouched(Compile compile) {
    Trace alone = run(compile);
    Trace evaluated =
        run(compile, EvalSchedule.from(0, Every.iters(2)), EvalSchedule.from(0, Every.epochs(1)));

    assertThat(alone.evaluations()).isZero();
    assertThat(evaluated.evaluations()).isEqualTo(6 + 3);
    assertThat(alone.losses()).hasSize(10).doesNotHaveDuplicates();
    assertThat(evaluated.losses()).isEqualTo(alone.losses());
    assertThat(evaluated.weights()).isEqualTo(alone.weights());
  }
}
