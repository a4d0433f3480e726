package org.djlrunner.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.HookContext;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.log.TextSink;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.Step;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds that the runner's own loop costs a training iteration, against nothing: the model,
 * the optimizer and the loader compute nothing, and no native code runs.
 *
 * <p>One operation is one iteration; one invocation is a run of 1,000,000.
 *
 * <pre>
 *   ./benchmarks/run LoopOverhead -prof gc
 * </pre>
 *
 * <p>The limit of {@link #defaultHooks} is 300 ns; MMCV 1.7.2 takes 5,600 for the same hooks on
 * such a machine. {@link #idleHooks} against {@link #loop} shows what a hook costs at stages that
 * it doesn't override: nothing. Compare within one run only.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LoopOverhead.ITERATIONS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseParallelGC")
public class LoopOverhead {
  static final int ITERATIONS = 1_000_000;

  /** The loop alone, without any hook. */
  @Benchmark
  public RunResult loop() {
    return run();
  }

  /** The loop with ten hooks that override one stage, at which it is only once. */
  @Benchmark
  public RunResult idleHooks() {
    Hook[] hooks = new Hook[10];
    for (int i = 0; i < hooks.length; i++) {
      hooks[i] =
          new Hook() {
            @Override
            public void afterRun(HookContext context) {}
          };
    }
    return run(hooks);
  }

  /** The loop with one hook that is called in each iteration, and does nothing. */
  @Benchmark
  public RunResult oneHook() {
    return run(
        new Hook() {
          @Override
          public void afterTrainIter(HookContext context) {}
        });
  }

  /**
   * The loop with the default hooks: learning rate by steps, optimizer, checkpoints every 100
   * epochs, timer, a line of text every 100 iterations, which no file takes; the step logs two
   * values.
   */
  @Benchmark
  public RunResult defaultHooks() {
    return run(
        new LrUpdaterHook(new LrSchedule(Step.at(5_000), Every.Unit.ITER)),
        new OptimizerHook(),
        new IterTimerHook(),
        new CheckpointHook(Every.epochs(100), false),
        new LoggerHook(100, Every.Unit.EPOCH, true, context -> TextSink.open(Optional.empty())));
  }

  private static RunResult run(Hook... hooks) {
    NoWorkStep model = new NoWorkStep();
    EpochBasedRunner<NoWorkBatch> runner =
        EpochBasedRunner.builder(model, 1)
            .optimizer(model)
            .workDir(Path.of("."))
            .checkpointCodec(new NoWorkCodec())
            .build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    return runner.run(List.of(new NoWorkLoader(ITERATIONS)), Workflow.training());
  }
}
