package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Stage;
import org.djlrunner.log.TextSink;
import org.djlrunner.metric.Scalar;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million iterations: what is counted is exact, and nothing piles up. */
class LongRunTest {
  private static final int EPOCHS = 1_000;
  private static final int LENGTH = 1_000;
  private static final int ITERS = EPOCHS * LENGTH;

  /** A model and optimizer that remember nothing. */
  private static final class Forgetful implements ModelStep<Integer>, Optimizer {
    private final List<ParamGroup> groups = List.of(new ParamGroup("all", Map.of("lr", 0.1)));

    @Override
    public StepOutput trainStep(Integer batch, StepContext context) {
      return new StepOutput(
          scale -> {}, Map.of("loss", Scalar.of(batch), "other", Scalar.of(1)), 1, () -> {});
    }

    @Override
    public Scope enter(Mode mode) {
      return () -> {};
    }

    @Override
    public List<ParamGroup> paramGroups() {
      return groups;
    }

    @Override
    public void zeroGrad() {}

    @Override
    public void keepGrad() {}

    @Override
    public Scalar scaleGrad(double factor) {
      return Scalar.of(1);
    }

    @Override
    public void clipGradValue(double clipValue) {}

    @Override
    public Scalar clipGradNorm(double maxNorm, double normType) {
      return Scalar.of(1);
    }

    @Override
    public void step() {}
  }

  /** Batches that are their number. */
  private record Numbers(int batches) implements DataLoader<Integer> {
    @Override
    public OptionalInt length() {
      return OptionalInt.of(batches);
    }

    @Override
    public DataPass<Integer> open(int pass, int firstBatch) {
      return new DataPass<>() {
        private int next = firstBatch;

        @Override
        public boolean hasNext() {
          return next < batches;
        }

        @Override
        public Integer next() {
          return next++;
        }

        @Override
        public void close() {}
      };
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("R28 L03 a million iterations are counted exactly and leave no memory behind")
  void million(boolean byEpoch) {
    Forgetful model = new Forgetful();
    Runner<Integer> runner =
        byEpoch
            ? EpochBasedRunner.builder(model, EPOCHS).optimizer(model).build()
            : IterBasedRunner.builder(model, ITERS).optimizer(model).build();
    runner.registerHook(new LrUpdaterHook(new LrSchedule(Step.at(500), Every.Unit.EPOCH)));
    runner.registerHook(new OptimizerHook());
    runner.registerHook(new IterTimerHook());
    runner.registerHook(
        new LoggerHook(100, Every.Unit.ITER, true, context -> TextSink.open(Optional.empty())));
    Map<Stage, Integer> calls = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      runner.registerHook(Hook.at(stage, context -> calls.merge(stage, 1, Integer::sum)));
    }
    List<Long> used = new ArrayList<>();
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_EPOCH,
            context -> {
              if (List.of(EPOCHS / 10, EPOCHS - 1).contains(context.progress().epoch())) {
                used.add(usedMemory());
              }
            }));

    RunResult result = runner.run(List.of(new Numbers(LENGTH)), Workflow.training());

    assertThat(result.progress().iter()).isEqualTo(ITERS);
    assertThat(result.progress().epoch()).isEqualTo(EPOCHS);
    assertThat(calls)
        .isEqualTo(
            Map.of(
                Stage.BEFORE_RUN, 1,
                Stage.BEFORE_TRAIN_EPOCH, EPOCHS,
                Stage.BEFORE_TRAIN_ITER, ITERS,
                Stage.AFTER_TRAIN_ITER, ITERS,
                Stage.AFTER_TRAIN_EPOCH, EPOCHS,
                Stage.AFTER_RUN, 1));
    assertThat(used).hasSize(2);
    assertThat(used.get(1) - used.get(0)).as("bytes more after 900,000").isLessThan(1_000_000);
  }

  /** What is still reachable; ten bytes an iteration would be nine million. */
  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
