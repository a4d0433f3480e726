package org.djlrunner.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.djlrunner.Mode;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.doctor.NativeSetup;
import org.djlrunner.djl.kernel.ExecutorOptimization;
import org.djlrunner.djl.kernel.GradientMode;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.loss.PlacedLoss;
import org.djlrunner.djl.metric.Averaging;
import org.djlrunner.djl.metric.ClassScore;
import org.djlrunner.djl.metric.ClassificationEvaluation;
import org.djlrunner.djl.metric.ClassificationMetrics;
import org.djlrunner.djl.metric.ClassifiedBatch;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.metric.TopKAccuracy;
import org.djlrunner.djl.param.ArenaAverage;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Evaluation;
import org.djlrunner.spi.ModelStep;
import org.djlrunner.spi.Scope;
import org.djlrunner.spi.StepContext;
import org.djlrunner.spi.StepOutput;
import org.jspecify.annotations.Nullable;

/**
 * Trains and evaluates a DJL block with a DJL loss on one device.
 *
 * <p>It initialises the block, moves its trainable parameters into a {@link ParameterArena} and
 * owns both. Neither step reads the device: the loss and the accuracy stay there until they are
 * logged.
 *
 * <p>Log variables: {@code loss}; in validation also {@code accuracy_top-1}, or what {@link
 * #evaluate} chose. Labels of validation are {@code [N] int64}, where -100 leaves a sample out, or
 * soft ones, {@code [N, C] float32}; training's may be of the other kind.
 *
 * @param <B> the batch
 */
public final class DjlModelStep<B extends DjlBatch> implements ModelStep<B>, AutoCloseable {
  private final NDManager manager;
  private final Block block;
  private final ParameterArena arena;
  private final DeviceScalars scalars;
  private final Network network;
  private final long seed;
  private @Nullable ArenaAverage average;
  private TopKAccuracy accuracy;
  private ClassificationMetrics metrics = ClassificationMetrics.accuracy(1);
  private @Nullable ClassificationEvaluation evaluation;

  /**
   * Prepares a block for training.
   *
   * @param block the network; logits {@code [N, classes] float32} out
   * @param loss mean loss of a batch
   * @param device where to train
   * @param seed of the initial weights and of dropout
   * @param inputShape shape of a batch of one, such as {@code [1, 3, 32, 32]}
   */
  public DjlModelStep(Block block, Loss loss, Device device, long seed, Shape inputShape) {
    this(block, loss, device, seed, inputShape, StepOptions.defaults());
  }

  /**
   * Prepares a block for training.
   *
   * @param block the network; logits {@code [N, classes] float32} out
   * @param loss mean loss of a batch
   * @param device where to train
   * @param seed of the initial weights and of dropout
   * @param inputShape shape of a batch of one, such as {@code [1, 3, 32, 32]}
   * @param options precision and compilation
   */
  public DjlModelStep(
      Block block, Loss loss, Device device, long seed, Shape inputShape, StepOptions options) {
    // DJL must find the CUDA runtime before it counts GPUs, else it passes over the CUDA native.
    NativeSetup.prepare();
    this.manager = NDManager.newBaseManager(device, "PyTorch");
    this.block = block;
    this.seed = seed;
    try {
      // A libtorch that doesn't fit is told of here, not in the middle of a first step.
      TorchKernels.shared();
      JniUtils.setSeed(seed);
      block.initialize(manager, DataType.FLOAT32, inputShape);
      requireOnDevice(block, device);
      arena = ParameterArena.of(block, manager);
      scalars = new DeviceScalars(manager);
      Loss here = loss instanceof PlacedLoss numbers ? numbers.on(manager) : loss;
      network = new Network(block, here, arena, manager, options);
      accuracy = new TopKAccuracy(manager, List.of(1));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Owns the model; loaders put their batches on its device. */
  public NDManager manager() {
    return manager;
  }

  /** The network; its parameters hold the trained values at any time. */
  public Block block() {
    return block;
  }

  /** The trainable parameters. */
  public ParameterArena arena() {
    return arena;
  }

  /**
   * Takes parameters out of training, before a step or after its update; {@link
   * ParameterArena#freeze}.
   *
   * @param names chooses by state-dict name
   */
  public void freeze(Predicate<String> names) {
    requireInTraining();
    arena.freeze(names);
  }

  /** Takes frozen parameters back into training; {@link ParameterArena#unfreeze}. */
  public void unfreeze(Predicate<String> names) {
    requireInTraining();
    arena.unfreeze(names);
  }

  /** Where numbers wait until they are logged. */
  public DeviceScalars scalars() {
    return scalars;
  }

  /**
   * The average of this model's weights, for an {@link org.djlrunner.hook.EmaHook}, which begins it
   * with its run.
   */
  public ArenaAverage average() {
    if (average == null) {
      average = new ArenaAverage(arena);
    }
    return average;
  }

  /** The average, empty if nobody asked for one. */
  public Optional<ArenaAverage> averageIfKept() {
    return Optional.ofNullable(average);
  }

  /** How batches of a kind are computed; compiles the network for them if that wasn't done yet. */
  public Computation computation(InputSpec inputs) {
    return network.computation(inputs);
  }

  @Override
  public StepOutput trainStep(B batch, StepContext context) {
    NDManager step = batch.manager().newSubManager();
    try {
      // Libtorch's generator can't be saved: each step draws from a seed of its own instead.
      JniUtils.setSeed(StepSeed.of(seed, context.progress().iter()));
      NDArray value = network.train(batch, step).loss();
      Map<String, Scalar> logVars = Map.of("loss", scalars.keep(value.stopGradient().reshape(), 1));
      return new StepOutput(
          new DjlLoss(value),
          logVars,
          batch.size(),
          () -> {
            arena.endStep();
            step.close();
          });
    } catch (RuntimeException e) {
      arena.endStep();
      step.close();
      throw e;
    }
  }

  /**
   * Chooses what validation reports besides the loss; without it, {@code accuracy_top-1}.
   *
   * @param topk each k of {@code accuracy_top-k}; empty for no accuracy
   * @param wanted means over classes, in evaluations only
   */
  public void evaluate(List<Integer> topk, Set<ClassScore> wanted) {
    evaluate(
        new ClassificationMetrics(
            topk, ClassificationMetrics.ANY, wanted, Averaging.MACRO, false, OptionalInt.empty()));
  }

  /**
   * Chooses what validation reports besides the loss; without it, {@code accuracy_top-1}. Only the
   * accuracies are of val flows too.
   */
  public void evaluate(ClassificationMetrics wanted) {
    TopKAccuracy chosen = new TopKAccuracy(manager, wanted.topk(), wanted.thresholds());
    accuracy.close();
    accuracy = chosen;
    metrics = wanted;
  }

  @Override
  public Evaluation beginEvaluation() {
    return beginEvaluation(metrics, List.of());
  }

  /**
   * Begins an evaluation with metrics of its own, which validation steps report until it is closed.
   *
   * @param classes the names of the classes
   * @throws IllegalStateException if another one is going on
   */
  public Evaluation beginEvaluation(ClassificationMetrics wanted, List<String> classes) {
    if (evaluation != null) {
      throw new IllegalStateException("an evaluation is going on; close it first");
    }
    ClassificationEvaluation begun = new ClassificationEvaluation(manager, wanted, classes);
    evaluation = begun;
    return new Evaluation() {
      @Override
      public Map<String, Double> compute() {
        return begun.compute();
      }

      @Override
      public Map<String, Object> details() {
        return begun.details();
      }

      @Override
      public List<String> table() {
        return begun.table();
      }

      @Override
      public void close() {
        evaluation = null;
        begun.close();
      }
    };
  }

  @Override
  public StepOutput valStep(B batch, StepContext context) {
    NDManager step = batch.manager().newSubManager();
    try {
      Network.Result result = network.evaluate(batch, step);
      NDList logits = result.outputs();
      Map<String, Scalar> logVars = new LinkedHashMap<>();
      logVars.put("loss", scalars.keep(result.loss().reshape(), 1));
      ClassifiedBatch seen = new ClassifiedBatch(logits.head(), batch.labels().head());
      logVars.putAll(
          evaluation == null
              ? accuracy.of(seen.logits(), seen.labels(), scalars)
              : evaluation.merge(seen, scalars));
      return new StepOutput(null, logVars, batch.size(), step::close);
    } catch (RuntimeException e) {
      step.close();
      throw e;
    }
  }

  /**
   * Switches libtorch's gradient mode of this thread, which is what a mode means to DJL, and its
   * optimisation of TorchScript off; both are as before once the scope is closed.
   */
  @Override
  public Scope enter(Mode mode) {
    // The executor's own optimisation costs time here, and gives other roundings than blocks do.
    Scope plain = ExecutorOptimization.off();
    Scope gradients = GradientMode.of(mode.equals(Mode.TRAIN));
    return () -> {
      gradients.close();
      plain.close();
    };
  }

  /** A parameter that leaves the arena while its average is in there would lose its own value. */
  private void requireInTraining() {
    if (average != null && average.isSwappedIn()) {
      throw new IllegalStateException(
          "parameters can't be frozen or unfrozen during an evaluation or a save: the model holds"
              + " its average there; do it between two training iterations");
    }
  }

  /** A block that came with weights keeps them where they are, also where that is wrong. */
  private static void requireOnDevice(Block block, Device device) {
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              Device actual = parameter.getArray().getDevice();
              if (!actual.equals(device)) {
                throw new IllegalArgumentException(
                    "parameter '"
                        + name
                        + "' is on "
                        + actual
                        + ", training is on "
                        + device
                        + "; load or initialise the block on that device");
              }
            });
  }

  @Override
  public void close() {
    if (average != null) {
      average.close();
    }
    network.close();
    scalars.close();
    arena.close();
    manager.close();
  }
}
