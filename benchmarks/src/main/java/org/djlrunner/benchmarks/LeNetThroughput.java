package org.djlrunner.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.dataset.RandomAccessDataset;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * Images per second of whole training iterations: LeNet-5 on Fashion-MNIST, batch 64, CPU; our
 * runner against DJL's {@code EasyTrain}.
 *
 * <p>An iteration is: load a shuffled batch, forward, loss, backward, SGD with momentum 0.9 and
 * weight decay 5e-4, learning-rate schedule, and the loss kept and read every 50 iterations ({@link
 * Recipe}). One operation is one image, so JMH's {@code ops/s} reads images per second; one
 * invocation trains 200 batches from fresh weights, whose building is not timed. All peers compute
 * with as many libtorch threads as the parameter says and each fork prints, and end near one loss,
 * printed too.
 *
 * <pre>
 *   ./benchmarks/run LeNetThroughput
 *   ./benchmarks/run LeNetThroughput -p threads=1,2
 *   RUNNER_JAVA_OPTS=-Dfashion.mnist=FOLDER ./benchmarks/run LeNetThroughput
 * </pre>
 *
 * <p>The numbers of one run compare with each other, not with those of another machine or day: read
 * the ratio {@code runner / easyTrain}. {@link #forwardBackward} is the limit, which no loop around
 * the same blocks can pass by much.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(Recipe.IMAGES)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 4)
@Fork(
    value = 1,
    // The flags of ./runner; the heap is the JVM's default there too.
    jvmArgsAppend = {
      "-XX:+UseParallelGC",
      "-Djava.awt.headless=true",
      "-DOPT_OUT_TRACKING=true",
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    })
public class LeNetThroughput {
  /** Our runner with learning-rate, optimizer, timer and logger hook. */
  @Benchmark
  public double runner(Ours peer) throws Exception {
    return peer.train();
  }

  /** DJL's loop at its best: all images in memory as one normalised float32 array. */
  @Benchmark
  public double easyTrain(EasyTrainOnArray peer) throws Exception {
    return peer.train();
  }

  /** DJL's loop as users of image folders have it: record by record through transforms. */
  @Benchmark
  public double easyTrainPerSample(EasyTrainOnRecords peer) throws Exception {
    return peer.train();
  }

  /** The limit: forward, loss and backward of one batch, over and over. */
  @Benchmark
  public double forwardBackward(Bound peer) throws Exception {
    return peer.train();
  }

  /** A peer with its images, and a fresh training for each invocation. */
  @State(Scope.Benchmark)
  public abstract static class Peer {
    /** The threads of one libtorch operation; more than one suffers badly from busy neighbours. */
    @Param("1")
    public int threads;

    final FirstImages images = FirstImages.forTraining();
    private @Nullable TrainingPass pass;
    private double loss;

    abstract TrainingPass open();

    /** Sets the threads of the thread that measures, once libtorch is loaded. */
    @Setup(Level.Trial)
    public void load() {
      Engine.getEngine("PyTorch");
      JniUtils.setNumThreads(threads);
    }

    /** Builds the invocation's training; an invocation is long enough for the timer not to see. */
    @Setup(Level.Invocation)
    public void begin() {
      pass = open();
    }

    double train() throws Exception {
      loss = Objects.requireNonNull(pass).train();
      return loss;
    }

    /** Frees the training. */
    @TearDown(Level.Invocation)
    public void end() {
      Objects.requireNonNull(pass).close();
    }

    /** Prints what shows that the peers did the same work. */
    @TearDown(Level.Trial)
    public void report() {
      System.out.printf(
          "%nlibtorch threads: %d; last loss: %.3f%n", JniUtils.getNumThreads(), loss);
    }
  }

  /** The runner. */
  public static class Ours extends Peer {
    @Override
    TrainingPass open() {
      return new RunnerPass(images);
    }
  }

  /** EasyTrain on one array of all images. */
  public static class EasyTrainOnArray extends Peer {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final RandomAccessDataset array = DjlImages.preloaded(images, manager);

    @Override
    TrainingPass open() {
      return new EasyTrainPass(array, images.classes().size());
    }
  }

  /** EasyTrain on single records. */
  public static class EasyTrainOnRecords extends Peer {
    @Override
    TrainingPass open() {
      return new EasyTrainPass(DjlImages.recordByRecord(images), images.classes().size());
    }
  }

  /** Forward and backward alone. */
  public static class Bound extends Peer {
    @Override
    TrainingPass open() {
      return new ForwardBackwardPass(images);
    }
  }
}
