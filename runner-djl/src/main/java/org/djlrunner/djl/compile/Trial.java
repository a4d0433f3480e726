package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.djl.param.ParameterNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs blocks and compiled network on a trial batch: outputs, and what training leaves in the
 * running statistics, must be the same.
 *
 * <p>The statistics are put back afterwards. A network that may drop numbers by chance is compared
 * in evaluation only: libtorch's random generator could not be put back.
 */
final class Trial {
  /** A method that computes as in evaluation, in float32 and without a loss. */
  static final String EVALUATION = "check";

  /** The same as in training. */
  static final String TRAINING = "check_training";

  /** Samples of the batch; batch normalisation of fewer makes much of small differences. */
  static final long SAMPLES = 4;

  /** How far apart both may be, relative to the largest number. */
  private static final double TOLERANCE = 1e-3;

  private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

  private final Block block;
  private final ParameterArena arena;
  private final List<Parameter> statistics;
  private final NDManager scratch;

  /**
   * A trial of a block.
   *
   * @param constants what the network reads beside the arena: statistics and frozen parameters
   * @param scratch owns what is computed
   */
  Trial(Block block, ParameterArena arena, List<Parameter> constants, NDManager scratch) {
    this.block = block;
    this.arena = arena;
    this.statistics = constants.stream().filter(ParameterNames::isStatistic).toList();
    this.scratch = scratch;
  }

  /**
   * Compares a compiled network with the blocks.
   *
   * @param inputs zeros of the kind that it was compiled for; overwritten
   * @param random whether training may drop numbers by chance
   * @throws NotCompilableException if they differ
   */
  void compare(CompiledNetwork network, NDList inputs, boolean random) {
    for (NDArray input : inputs) {
      if (input.getDataType().isFloating()) {
        input.addi(scratch.arange((float) input.size()).reshape(input.getShape()).mul(0.7).sin());
      }
    }
    requireSame("output", blocks(inputs, false), compiled(network, EVALUATION, inputs));
    if (random) {
      LOG.debug("Compared with the blocks in evaluation only: training may drop numbers by chance");
      return;
    }
    NDList before = copies();
    try {
      NDList expected = blocks(inputs, true);
      NDList moved = copies();
      putBack(before);
      requireSame("output in training", expected, compiled(network, TRAINING, inputs));
      requireSame("running mean or variance", moved, copies());
    } finally {
      putBack(before);
    }
  }

  private NDList blocks(NDList inputs, boolean training) {
    return block.forward(new ParameterStore(scratch, false), inputs, training);
  }

  private NDList compiled(CompiledNetwork network, String method, NDList inputs) {
    // Results belong to the manager of the first array.
    NDArray parameters = arena.master().stopGradient();
    parameters.attach(scratch);
    List<NDArray> arrays = new ArrayList<>(List.of(parameters));
    arrays.addAll(inputs);
    return network.call(method, arrays);
  }

  private NDList copies() {
    NDList copies = new NDList();
    for (Parameter statistic : statistics) {
      NDArray copy = statistic.getArray().duplicate();
      copy.attach(scratch);
      copies.add(copy);
    }
    return copies;
  }

  private void putBack(NDList copies) {
    for (int i = 0; i < statistics.size(); i++) {
      statistics.get(i).getArray().set(new NDIndex("..."), copies.get(i));
    }
  }

  private static void requireSame(String what, NDList expected, NDList actual) {
    for (int i = 0; i < expected.size(); i++) {
      float[] wanted = numbers(expected.get(i));
      float[] found = numbers(actual.get(i));
      double scale = 1e-6;
      double difference = 0;
      for (int k = 0; k < wanted.length; k++) {
        // What is not a number, or infinite, on both sides alike is the network's own doing.
        if (Float.compare(wanted[k], found[k]) != 0) {
          difference = Math.max(difference, Math.abs((double) found[k] - wanted[k]));
        }
        if (Float.isFinite(wanted[k])) {
          scale = Math.max(scale, Math.abs(wanted[k]));
        }
      }
      if (!(difference <= TOLERANCE * scale)) {
        throw new NotCompilableException(
            "the compiled network's "
                + what
                + " differs from the blocks' by "
                + difference
                + ", the largest number being "
                + scale);
      }
    }
  }

  private static float[] numbers(NDArray array) {
    return array.toType(DataType.FLOAT32, true).toFloatArray();
  }
}
