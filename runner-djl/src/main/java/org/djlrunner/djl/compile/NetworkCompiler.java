package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.loss.Loss;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlrunner.djl.kernel.GradientMode;
import org.djlrunner.djl.kernel.LibtorchError;
import org.djlrunner.djl.kernel.ScriptModule;
import org.djlrunner.djl.loss.ScriptLoss;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.precision.Precision;
import org.djlrunner.spi.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a block: traces what it does to a batch, writes that as TorchScript and checks that both
 * compute the same.
 */
public final class NetworkCompiler {
  /** Two batch sizes tell what depends on it. */
  private static final long[] SAMPLES = {2, 3};

  private final Block block;
  private final @Nullable ScriptLoss loss;
  private final ParameterArena arena;
  private final NDManager manager;

  /**
   * A compiler of one network.
   *
   * @param loss is compiled in if it is a {@link ScriptLoss}
   * @param arena the network's trainable parameters
   * @param manager owns what is compiled
   */
  public NetworkCompiler(Block block, Loss loss, ParameterArena arena, NDManager manager) {
    this.block = block;
    this.loss =
        loss instanceof ScriptLoss script && script.script("", "").isPresent() ? script : null;
    this.arena = arena;
    this.manager = manager;
  }

  /**
   * Compiles for inputs of a kind.
   *
   * @throws NotCompilableException if the network does what a compiled step can't, or TorchScript
   *     computes something else
   */
  public CompiledNetwork compile(InputSpec spec, Precision precision) {
    try (Scope off = GradientMode.of(false);
        NDManager scratch = manager.newSubManager()) {
      Trace training = trace(spec, scratch, true);
      Trace evaluation = trace(spec, scratch, false);
      boolean low = precision != Precision.FP32;
      if (low && training.script().isPresent()) {
        throw new NotCompilableException("a TorchScript module computes in float32");
      }
      List<Parameter> constants = constants(training, evaluation);
      // libtorch's convolutions of float16 on a CPU take minutes, where there are any.
      boolean roundOnly = precision == Precision.FP16 && !manager.getDevice().isGpu();
      String methods =
          new MethodText(arena, constants, training, precision, roundOnly)
                  .write(CompiledNetwork.TRAIN, spec.raw(), loss)
              + new MethodText(arena, constants, evaluation, precision, roundOnly)
                  .write(CompiledNetwork.EVALUATE, spec.raw(), loss)
              + new MethodText(arena, constants, evaluation, Precision.FP32, false)
                  .write(Trial.EVALUATION, false, null)
              + new MethodText(arena, constants, training, Precision.FP32, false)
                  .write(Trial.TRAINING, false, null);
      Shape one = loss == null ? new Shape() : outputOfOne(training);
      CompiledNetwork network =
          new CompiledNetwork(
              module(training, methods),
              constants.stream().map(this::alias).toList(),
              arena.slots().stream()
                  .filter(slot -> training.parameters().containsKey(slot.parameter()))
                  .map(ArenaSlot::name)
                  .toList(),
              loss != null,
              one);
      try {
        new Trial(block, arena, constants, scratch)
            .compare(network, spec.zeros(scratch, Trial.SAMPLES), training.mayBeRandom());
        return network;
      } catch (RuntimeException e) {
        network.close();
        throw e;
      }
    } catch (NotCompilableException e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever a block makes of a trial batch, real batches may still please it.
      throw new NotCompilableException(
          UnknownOperation.culprit(e) + " fails on a trial batch: " + LibtorchError.reason(e), e);
    }
  }

  /**
   * Refuses networks with blocks of a user's own making.
   *
   * <p>Their forward may differ from call to call by what a trace can't see: a coin tossed in Java,
   * a counter, a field that a hook changes.
   *
   * @throws NotCompilableException if there are such blocks; the message names the first
   */
  public void requireKnownBlocks() {
    requireKnown(block);
  }

  private static void requireKnown(Block block) {
    String name = block.getClass().getName();
    if (!name.startsWith("ai.djl.") && !name.startsWith("org.djlrunner.")) {
      throw new NotCompilableException(
          "block "
              + name
              + " is none of DJL's; compile: true compiles it, if its forward does the same each time");
    }
    block.getChildren().values().forEach(NetworkCompiler::requireKnown);
  }

  /** A module of its own, or the one that the network calls with these methods added. */
  private ScriptModule module(Trace trace, String methods) {
    return trace
        .script()
        .map(script -> new ScriptModule(script.source(), script.methods() + methods, manager))
        .orElseGet(() -> new ScriptModule(methods, manager));
  }

  private Trace trace(InputSpec spec, NDManager scratch, boolean training) {
    Trace[] traces = new Trace[SAMPLES.length];
    for (int i = 0; i < SAMPLES.length; i++) {
      traces[i] = Tracer.trace(block, scratch, spec.zeros(scratch, SAMPLES[i]), training);
    }
    return Trace.merge(traces[0], SAMPLES[0], traces[1], SAMPLES[1]);
  }

  /** What the network reads beside the arena: frozen parameters and running statistics. */
  private List<Parameter> constants(Trace training, Trace evaluation) {
    Set<Parameter> all = new LinkedHashSet<>(training.parameters().keySet());
    all.addAll(evaluation.parameters().keySet());
    all.removeAll(arena.slots().stream().map(ArenaSlot::parameter).collect(Collectors.toSet()));
    return List.copyOf(all);
  }

  /** The same memory under a handle of its own, which may be given names. */
  private NDArray alias(Parameter parameter) {
    NDArray alias = parameter.getArray().stopGradient();
    alias.attach(manager);
    return alias;
  }

  /** The shape of the logits that the loss takes, for one sample. */
  private static Shape outputOfOne(Trace trace) {
    Shape shape =
        trace
            .outputShape()
            .filter(output -> output.dimension() > 0 && output.get(0) % SAMPLES[0] == 0)
            .orElseThrow(() -> new NotCompilableException("its output is not a result a sample"));
    return new Shape(shape.get(0) / SAMPLES[0]).addAll(shape.slice(1));
  }
}
