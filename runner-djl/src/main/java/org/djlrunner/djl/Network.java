package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.compile.CompiledNetwork;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.compile.LabelSpec;
import org.djlrunner.djl.compile.NetworkCompiler;
import org.djlrunner.djl.compile.NotCompilableException;
import org.djlrunner.djl.loss.ScriptLoss;
import org.djlrunner.djl.param.ArenaFollower;
import org.djlrunner.djl.param.ArenaParameterStore;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.precision.Bfloat16Support;
import org.djlrunner.djl.precision.Precision;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block's forward pass: compiled where it can be, else block by block.
 *
 * <p>It is compiled for up to {@value #MAX_KINDS} kinds of inputs. Each costs a trace, a trial and
 * memory, so a network whose inputs have ever new shapes runs them block by block from then on, or
 * is refused where it must be compiled.
 */
final class Network implements AutoCloseable {
  /** Kinds of inputs that a network is compiled for. */
  static final int MAX_KINDS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Network.class);

  private final Block block;
  private final Loss loss;
  private final ParameterArena arena;
  private final StepOptions options;
  private final NetworkCompiler compiler;
  private final NDManager manager;
  private final Map<InputSpec, Variant> variants = new HashMap<>();

  private @Nullable Variant beyond;

  /**
   * The network for inputs of a kind.
   *
   * @param accepted kinds of labels that the compiled loss takes
   */
  private record Variant(
      Optional<CompiledNetwork> network, Computation computation, Set<LabelSpec> accepted) {
    static Variant blocks(String reason) {
      return new Variant(
          Optional.empty(), new Computation(Precision.FP32, false, reason), new HashSet<>());
    }
  }

  /**
   * What a forward pass computes.
   *
   * @param loss mean over the batch, one element, float32
   * @param outputs of the network
   */
  record Result(NDArray loss, NDList outputs) {}

  Network(Block block, Loss loss, ParameterArena arena, NDManager manager, StepOptions options) {
    this.block = block;
    this.loss = loss;
    this.arena = arena;
    this.options = options;
    this.manager = manager;
    // What was compiled knows where parameters lay.
    arena.follow(
        (before, after, values) -> ArenaFollower.Change.of(this::forgetCompiled, () -> {}));
    this.compiler = new NetworkCompiler(block, loss, arena, manager);
  }

  /** Loss and outputs of a training batch, differentiable with respect to the step's leaf. */
  Result train(DjlBatch given, NDManager step) {
    DjlBatch batch = new StepBatch(given);
    Optional<CompiledNetwork> network = compiled(batch);
    if (network.isPresent()) {
      NDArray leaf = arena.leaf(step);
      arena.useOnly(network.get().trained());
      return result(network.get(), batch, network.get().forward(leaf, batch, true));
    }
    NDList outputs = block.forward(new ArenaParameterStore(step, arena), batch.inputs(), true);
    return new Result(loss.evaluate(batch.labels(), outputs), outputs);
  }

  /** Loss and outputs of a batch in evaluation. */
  Result evaluate(DjlBatch given, NDManager step) {
    DjlBatch batch = new StepBatch(given);
    Optional<CompiledNetwork> network = compiled(batch);
    if (network.isPresent()) {
      NDArray values = arena.master().stopGradient();
      values.attach(step);
      return result(network.get(), batch, network.get().forward(values, batch, false));
    }
    NDList outputs = block.forward(new ParameterStore(step, false), batch.inputs(), false);
    return new Result(loss.evaluate(batch.labels(), outputs), outputs);
  }

  private Result result(CompiledNetwork network, DjlBatch batch, NDList results) {
    return network.withLoss()
        ? new Result(results.head(), results.subNDList(1))
        : new Result(loss.evaluate(batch.labels(), results), results);
  }

  /** How batches of a kind are computed; compiles for them if that wasn't done yet. */
  Computation computation(InputSpec spec) {
    return variant(spec).computation();
  }

  /** Forgets what was compiled; the arena's layout has changed. */
  void forgetCompiled() {
    variants.values().forEach(variant -> variant.network().ifPresent(CompiledNetwork::close));
    variants.clear();
    beyond = null;
  }

  @Override
  public void close() {
    forgetCompiled();
  }

  private Optional<CompiledNetwork> compiled(DjlBatch batch) {
    if (options.compile() == Compile.NEVER) {
      return Optional.empty();
    }
    Variant variant = variant(InputSpec.of(batch));
    variant.network().ifPresent(network -> checkLabels(network, batch, variant.accepted()));
    return variant.network();
  }

  private void checkLabels(CompiledNetwork network, DjlBatch batch, Set<LabelSpec> accepted) {
    if (network.withLoss() && loss instanceof ScriptLoss script) {
      LabelSpec labels = LabelSpec.of(batch);
      if (!accepted.contains(labels)) {
        script.check(network.outputShape(LabelSpec.samples(batch)), batch.labels());
        accepted.add(labels);
      }
    }
  }

  private Variant variant(InputSpec spec) {
    Variant known = variants.get(spec);
    if (known != null) {
      return known;
    }
    if (variants.size() == MAX_KINDS) {
      return beyond(spec);
    }
    Variant compiled = compile(spec);
    variants.put(spec, compiled);
    return compiled;
  }

  /** What runs kinds of inputs beyond those that are compiled. */
  private Variant beyond(InputSpec spec) {
    if (beyond == null) {
      String reason = "its inputs came in " + MAX_KINDS + " kinds before " + spec;
      if (mustCompile()) {
        throw refused(reason + "; bring inputs to few shapes, or use compile: auto and fp32", null);
      }
      LOG.info("Inputs of further shapes run block by block: {}", reason);
      beyond = Variant.blocks(reason);
    }
    return beyond;
  }

  private boolean mustCompile() {
    return options.compile() == Compile.ALWAYS || isLow();
  }

  private boolean isLow() {
    return options.precision() == Precision.FP16 || options.precision() == Precision.BF16;
  }

  private NotCompilableException refused(String reason, @Nullable NotCompilableException cause) {
    return new NotCompilableException(
        "the network can't be compiled, which "
            + (isLow() ? "a low precision needs: " : "was demanded: ")
            + reason,
        cause);
  }

  private Variant compile(InputSpec spec) {
    if (options.compile() == Compile.NEVER) {
      return Variant.blocks("");
    }
    try {
      if (options.compile() == Compile.AUTO) {
        compiler.requireKnownBlocks();
      }
      return compiled(spec);
    } catch (NotCompilableException e) {
      if (mustCompile()) {
        throw refused(String.valueOf(e.getMessage()), e);
      }
      LOG.info("The network runs block by block: {}", e.getMessage());
      return Variant.blocks(String.valueOf(e.getMessage()));
    }
  }

  private Variant compiled(InputSpec spec) {
    if (options.precision() != Precision.AUTO) {
      return compiled(spec, options.precision(), "");
    }
    if (!Bfloat16Support.of(manager.getDevice())) {
      return compiled(spec, Precision.FP32, "");
    }
    try {
      return compiled(spec, Precision.BF16, "");
    } catch (NotCompilableException e) {
      return compiled(spec, Precision.FP32, "no bf16: " + e.getMessage());
    }
  }

  private Variant compiled(InputSpec spec, Precision precision, String reason) {
    CompiledNetwork network = compiler.compile(spec, precision);
    Computation computation = new Computation(precision, true, reason);
    return new Variant(Optional.of(network), computation, new HashSet<>());
  }
}
