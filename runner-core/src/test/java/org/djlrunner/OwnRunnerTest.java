package org.djlrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.build.RunnerSpec;
import org.djlrunner.build.RunnerTypes;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.Stage;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.BatchProcessor;
import org.djlrunner.spi.DataLoader;
import org.djlrunner.spi.DataPass;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepOutput;
import org.djlrunner.testkit.FakeBatch;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeOptimizer;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.RecordingHook;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Runners, modes and steps that are not ours. */
class OwnRunnerTest {
  /** Trains its first loader three times, whatever the workflow says. */
  private static final class ThreeTimes<B> extends Runner<B> {
    ThreeTimes(ModelStep<B> model, RunSettings settings) {
      super(model, settings);
    }

    @Override
    protected void walk(Walk<B> walk) {
      DataLoader<B> loader = walk.loaders().get(0);
      while (walk.progress().epoch() < 3 && !walk.stopRequested()) {
        walk.epoch(Mode.TRAIN, loader);
      }
    }
  }

  private record ThreeTimesSpec() implements RunnerSpec {
    @Override
    public Every.Unit unit() {
      return Every.Unit.EPOCH;
    }

    @Override
    public <B> RunnerBuilder<B, ? extends Runner<B>> builder(ModelStep<B> model) {
      RunnerBuilder<B, ThreeTimes<B>> builder = RunnerBuilder.of(model, ThreeTimes::new);
      return builder;
    }
  }

  private final RecordingHook recording = new RecordingHook();

  @Test
  @DisplayName("R17 a runner of one's own has all stages, stop requests and results")
  void subclass() {
    var runner = RunnerBuilder.of(new FakeStep(), ThreeTimes<FakeBatch>::new).build();
    runner.registerHook(recording);
    RunResult result = runner.run(List.of(FakeLoader.of(2)), Workflow.training());
    assertThat(result.progress().epoch()).isEqualTo(3);
    assertThat(result.progress().iter()).isEqualTo(6);
    assertThat(recording.lines())
        .startsWith("before_run 0/0/0", "before_train_epoch 0/0/0")
        .endsWith("after_train_epoch 2/6/1", "after_run 3/6/1");
  }

  /** Leaves each epoch after two batches, and goes on with the next. */
  private static final class TwoOfEach<B> extends Runner<B> {
    TwoOfEach(ModelStep<B> model, RunSettings settings) {
      super(model, settings);
    }

    @Override
    protected void walk(Walk<B> walk) {
      DataLoader<B> loader = walk.loaders().get(0);
      for (int pass = 0; pass < 3; pass++) {
        try (Scope scope = walk.enter(Mode.TRAIN, loader);
            DataPass<B> batches = loader.open(pass)) {
          walk.beginEpoch(Mode.TRAIN);
          walk.iterate(Mode.TRAIN, batches, 0);
          walk.iterate(Mode.TRAIN, batches, 1);
          walk.endEpoch(Mode.TRAIN, false);
        }
      }
    }
  }

  @Test
  @DisplayName("K06 R17 a runner that leaves its epochs early saves where it is, not where it was")
  void epochsLeftEarly() {
    List<Object> saved = new ArrayList<>();
    var runner = RunnerBuilder.of(new FakeStep(), TwoOfEach<FakeBatch>::new).build();
    runner.registerHook(
        Hook.at(
            Stage.AFTER_TRAIN_ITER,
            context ->
                context.atBoundary(
                    () -> saved.add(context.checkpointMeta().getOrDefault("iter", "none")))));
    runner.run(List.of(FakeLoader.of(5)), Workflow.training());
    assertThat(saved).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  @DisplayName("R17 C07 a registered runner is built from a map like ours")
  void registered() {
    Runner<FakeBatch> runner =
        RunnerTypes.shipped()
            .register("ThreeTimes", config -> new ThreeTimesSpec())
            .build(Map.of("type", "ThreeTimes"), Map.of())
            .builder(new FakeStep())
            .build();
    assertThat(runner).isInstanceOf(ThreeTimes.class);
  }

  @Test
  @DisplayName("R26 a declared mode runs as validation does, and its results have its name")
  void mode() {
    List<String> modes = new ArrayList<>();
    RecordingSink sink = new RecordingSink();
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 2)
            .optimizer(new FakeOptimizer(0.1))
            .mode(
                "test",
                (batch, context) ->
                    new StepOutput(null, Map.of("score", Scalar.of(batch.index())), 1, () -> {}))
            .build();
    runner.registerHook(recording);
    runner.registerHook(
        Hook.at(Stage.AFTER_VAL_ITER, context -> modes.add("" + context.mode().orElseThrow())));
    runner.registerHook(sink.everyIteration());
    RunResult result =
        runner.run(
            List.of(FakeLoader.of(2), FakeLoader.of(3)),
            Workflow.of(Flow.train(1), new Flow(new Mode("test"), 1)));
    assertThat(result.progress().iter()).isEqualTo(4);
    assertThat(modes).hasSize(6).containsOnly("test");
    assertThat(result.metrics()).containsEntry("test/score", 1.0);
    assertThat(sink.records())
        .filteredOn(record -> record.mode().equals(new Mode("test")))
        .hasSize(2);
  }

  @Test
  @DisplayName("R26 iteration-based runs know declared modes too")
  void modeByIterations() {
    int[] steps = new int[1];
    var runner =
        IterBasedRunner.builder(new FakeStep(), 3)
            .mode(
                "test",
                (batch, context) -> {
                  steps[0]++;
                  return new StepOutput(null, Map.of(), 1, () -> {});
                })
            .build();
    runner.run(
        List.of(FakeLoader.of(2), FakeLoader.of(3)),
        Workflow.of(Flow.train(1), new Flow(new Mode("test"), 2)));
    assertThat(steps[0]).isEqualTo(6);
  }

  @Test
  @DisplayName("R06 R26 a mode that nobody declared is refused before any hook, with near names")
  void unknownMode() {
    var runner = EpochBasedRunner.builder(new FakeStep(), 1).build();
    runner.registerHook(recording);
    Workflow workflow = Workflow.of(Flow.train(1), new Flow(new Mode("vall"), 1));
    assertThatThrownBy(() -> runner.run(List.of(FakeLoader.of(1), FakeLoader.of(1)), workflow))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'vall', did you mean 'val'?; known modes: train, val");
    assertThat(recording.lines()).isEmpty();
    assertThatThrownBy(
            () ->
                EpochBasedRunner.builder(new FakeStep(), 1)
                    .mode("val", (batch, context) -> new StepOutput(null, Map.of(), 1, () -> {})))
        .hasMessageContaining("a mode 'val' already");
    assertThat(new FakeStep().modes()).isEqualTo(Set.of(Mode.TRAIN, Mode.VAL));
  }

  @Test
  @DisplayName("R27 a batch processor serves both steps, with the mode it is called in")
  void batchProcessor() {
    List<String> calls = new ArrayList<>();
    BatchProcessor<String, FakeBatch> processor =
        (model, batch, trainMode) -> {
          calls.add(model + " " + batch.index() + " " + trainMode);
          return new StepOutput(null, Map.of(), 1, () -> {});
        };
    EpochBasedRunner.builder(processor.over("net"), 1)
        .build()
        .run(List.of(FakeLoader.of(2), FakeLoader.of(1)), Workflow.of(Flow.train(1), Flow.val(1)));
    assertThat(calls).containsExactly("net 0 true", "net 1 true", "net 0 false");
  }

  @Test
  @DisplayName("R21 rates and momenta are told by optimizer and group")
  void currentRates() {
    var runner =
        EpochBasedRunner.builder(new FakeStep(), 1)
            .optimizer("g", new FakeOptimizer(0.1, 0.2))
            .optimizer("d", new FakeOptimizer(0.3))
            .build();
    assertThat(runner.currentLr()).isEqualTo(Map.of("g", List.of(0.1, 0.2), "d", List.of(0.3)));
    assertThat(runner.currentMomentum())
        .isEqualTo(Map.of("g", List.of(0.9, 0.9), "d", List.of(0.9)));
  }
}
