package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.djl.compile.Compile;
import org.djlrunner.djl.compile.CompiledNetwork;
import org.djlrunner.djl.compile.InputSpec;
import org.djlrunner.djl.compile.NetworkCompiler;
import org.djlrunner.djl.compile.NotCompilableException;
import org.djlrunner.djl.param.ArenaParameterStore;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.precision.Bfloat16Support;
import org.djlrunner.djl.precision.Precision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A block's forward pass: compiled where it can be, else block by block. */
final class Network implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Network.class);

  private final Block block;
  private final Loss loss;
  private final ParameterArena arena;
  private final StepOptions options;
  private final NetworkCompiler compiler;
  private final NDManager manager;
  private final Map<InputSpec, Variant> variants = new HashMap<>();

  /** The network for inputs of a kind. */
  private record Variant(Optional<CompiledNetwork> network, Computation computation) {}

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
    arena.follow((before, after) -> forgetCompiled());
    this.compiler = new NetworkCompiler(block, loss, arena, manager);
  }

  /** Loss and outputs of a training batch, differentiable with respect to the step's leaf. */
  Result train(DjlBatch batch, NDManager step) {
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
  Result evaluate(DjlBatch batch, NDManager step) {
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
  }

  @Override
  public void close() {
    forgetCompiled();
  }

  private Optional<CompiledNetwork> compiled(DjlBatch batch) {
    return options.compile() == Compile.NEVER
        ? Optional.empty()
        : variant(InputSpec.of(batch)).network();
  }

  private Variant variant(InputSpec spec) {
    return variants.computeIfAbsent(spec, this::compile);
  }

  private Variant compile(InputSpec spec) {
    if (options.compile() == Compile.NEVER) {
      return new Variant(Optional.empty(), new Computation(Precision.FP32, false, ""));
    }
    try {
      if (options.compile() == Compile.AUTO) {
        compiler.requireKnownBlocks();
      }
      return compiled(spec);
    } catch (NotCompilableException e) {
      boolean low = options.precision() == Precision.FP16 || options.precision() == Precision.BF16;
      if (options.compile() == Compile.ALWAYS || low) {
        throw new NotCompilableException(
            "the network can't be compiled, which "
                + (low ? "a low precision needs: " : "was demanded: ")
                + e.getMessage(),
            e);
      }
      LOG.info("The network runs block by block: {}", e.getMessage());
      return new Variant(
          Optional.empty(), new Computation(Precision.FP32, false, String.valueOf(e.getMessage())));
    }
  }

  private Variant compiled(InputSpec spec) {
    Precision precision = options.precision();
    if (precision == Precision.AUTO) {
      precision = Precision.FP32;
      if (Bfloat16Support.of(manager.getDevice())) {
        try {
          return compiled(spec, Precision.BF16);
        } catch (NotCompilableException e) {
          LOG.debug("No bfloat16: {}", e.getMessage());
        }
      }
    }
    return compiled(spec, precision);
  }

  private Variant compiled(InputSpec spec, Precision precision) {
    CompiledNetwork network = compiler.compile(spec, precision);
    return new Variant(Optional.of(network), new Computation(precision, true, ""));
  }
}
