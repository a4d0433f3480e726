package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole training iterations on synthetic data: forward, loss, backward, SGD, schedule, log.
 *
 * <p>One operation is one iteration; the column {@code images} counts samples per second. JMH runs
 * peers one behind the other: on a busy machine {@link Throughput}, where they take turns, is the
 * fairer judge ({@code ./benchmarks/run.sh}).
 *
 * <pre>
 *   ./benchmarks/run IterationThroughput -p model=CIFAR_RESNET18 -p precision=fp32,bf16
 *   ./benchmarks/run IterationThroughput -p peer=OUR_RUNNER -p model=RESNET50 -p batch=8 -p threads=2
 * </pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(IterationThroughput.TURN)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-XX:+UseParallelGC",
      "-Djava.awt.headless=true",
      "-DOPT_OUT_TRACKING=true",
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
    })
public class IterationThroughput {
  /** Iterations of one run of the runner, so that its start doesn't count. */
  static final int TURN = 10;

  /** Trains one turn of iterations. */
  @Benchmark
  public double iteration(Training training, Samples samples) throws Exception {
    Contestant contestant = Objects.requireNonNull(training.contestant);
    contestant.train(training.nanos);
    samples.images += (long) training.samples * training.nanos.length;
    return contestant.loss();
  }

  /** Counts samples beside iterations. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Samples {
    /** Samples trained on. */
    public long images;
  }

  /** A peer at work. */
  @State(Scope.Benchmark)
  public static class Training {
    /** Who trains. */
    @Param({"EASY_TRAIN", "HAND_WRITTEN", "OUR_STEP", "OUR_RUNNER"})
    public Peer peer = Peer.OUR_RUNNER;

    /** What is trained. */
    @Param({"DEEP_NARROW", "LENET5", "CIFAR_RESNET18"})
    public Yardstick model = Yardstick.LENET5;

    /** Samples in a batch; 0 for the model's usual number. */
    @Param("0")
    public int batch;

    /** {@code fp32} or {@code bf16}; DJL's peers have the first only. */
    @Param("fp32")
    public String precision = "fp32";

    /** {@code auto}, {@code always} or {@code never}, for our step. */
    @Param("auto")
    public String compile = "auto";

    /** The threads of one libtorch operation. */
    @Param("1")
    public int threads;

    private final long[] nanos = new long[TURN];
    private int samples;
    private @Nullable Contestant contestant;

    /** Builds network, optimizer and data. */
    @Setup(Level.Trial)
    public void open() {
      Engine.getEngine("PyTorch");
      JniUtils.setNumThreads(threads);
      samples = batch == 0 ? model.usualBatch : batch;
      contestant = peer.open(new Setting(model, Device.cpu(), samples, precision, compile));
    }

    /** Frees them. */
    @TearDown(Level.Trial)
    public void close() {
      Objects.requireNonNull(contestant).close();
    }
  }
}
