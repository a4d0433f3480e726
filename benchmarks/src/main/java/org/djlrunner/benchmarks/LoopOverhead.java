package org.djlrunner.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.djlrunner.EpochBasedRunner;
import org.djlrunner.Every;
import org.djlrunner.RunResult;
import org.djlrunner.Workflow;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.IterTimerHook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.LrUpdaterHook;
import org.djlrunner.hook.OptimizerHook;
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
 * <p>One operation is one iteration; one invocation runs 10,000, the length of history that the log
 * buffer keeps, so its longest averages are in the numbers.
 *
 * <pre>
 *   ./benchmarks/run LoopOverhead
 * </pre>
 *
 * <p>Read them as a share of a real iteration: 10,000 ns are 1 % of an iteration of 1 ms, which is
 * the limit that {@link #usualHooks} must keep.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LoopOverhead.ITERATIONS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseParallelGC")
public class LoopOverhead {
  static final int ITERATIONS = 10_000;

  /** The loop alone, without any hook. */
  @Benchmark
  public RunResult loop() {
    return run();
  }

  /**
   * The loop with learning-rate, optimizer, timer and logger hook, a record every 50 iterations.
   */
  @Benchmark
  public RunResult usualHooks() {
    return run(
        new LrUpdaterHook(new LrSchedule(Step.at(5_000), Every.Unit.ITER)),
        new OptimizerHook(),
        new IterTimerHook(),
        new LoggerHook(50, Every.Unit.EPOCH, true, context -> new SilentLog()));
  }

  private static RunResult run(Hook... hooks) {
    NoWorkStep model = new NoWorkStep();
    EpochBasedRunner<Integer> runner = EpochBasedRunner.builder(model, 1).optimizer(model).build();
    for (Hook hook : hooks) {
      runner.registerHook(hook);
    }
    return runner.run(List.of(new NoWorkLoader(ITERATIONS)), Workflow.training());
  }
}
