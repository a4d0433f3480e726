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
  private final Map<InputSpec, Optional<CompiledNetwork>> compiled = new HashMap<>();

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
    this.compiler = new NetworkCompiler(block, loss, arena, manager);
  }

  /** Loss and outputs of a training batch, differentiable with respect to the step's leaf. */
  Result train(DjlBatch batch, NDManager step) {
    Optional<CompiledNetwork> network = compiled(batch);
    NDArray leaf = arena.leaf(step);
    if (network.isPresent()) {
      return result(network.get(), batch, network.get().forward(leaf, batch, true));
    }
    NDList outputs =
        block.forward(new ArenaParameterStore(step, arena.views(leaf)), batch.inputs(), true);
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

  private Optional<CompiledNetwork> compiled(DjlBatch batch) {
    if (options.compile() == Compile.NEVER) {
      return Optional.empty();
    }
    return compiled.computeIfAbsent(InputSpec.of(batch), this::compile);
  }

  private Optional<CompiledNetwork> compile(InputSpec spec) {
    try {
      return Optional.of(compiler.compile(spec, options.precision()));
    } catch (NotCompilableException e) {
      if (options.compile() == Compile.ALWAYS || options.precision() != Precision.FP32) {
        throw e;
      }
      LOG.info("The network runs block by block: {}", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    compiled.values().forEach(network -> network.ifPresent(CompiledNetwork::close));
  }
}
