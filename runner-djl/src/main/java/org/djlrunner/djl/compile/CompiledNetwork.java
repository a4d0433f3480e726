package org.djlrunner.djl.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlrunner.djl.DjlBatch;
import org.djlrunner.djl.Pixels;
import org.djlrunner.djl.kernel.ScriptModule;

/**
 * A network as one native call: from the flat parameters and a batch to its outputs.
 *
 * <p>Whatever type it computes in, it takes and returns float32: arrays of a low type never reach
 * Java, where DJL has no word for bfloat16 and libtorch would abort the process.
 */
public final class CompiledNetwork implements AutoCloseable {
  static final String TRAIN = "train";
  static final String EVALUATE = "evaluate";

  private final ScriptModule module;
  private final List<NDArray> constants;
  private final List<String> trained;
  private final boolean withLoss;
  private final Shape outputOfOne;

  /**
   * A network in a module.
   *
   * @param outputOfOne shape of the first output for one sample; no matter without a loss
   */
  CompiledNetwork(
      ScriptModule module,
      List<NDArray> constants,
      List<String> trained,
      boolean withLoss,
      Shape outputOfOne) {
    this.module = module;
    this.constants = List.copyOf(constants);
    this.trained = List.copyOf(trained);
    this.withLoss = withLoss;
    this.outputOfOne = outputOfOne;
  }

  /** The state-dict names of the arena's parameters that training asks for. */
  public List<String> trained() {
    return trained;
  }

  /** Whether the first of the results is the loss. */
  public boolean withLoss() {
    return withLoss;
  }

  /** The shape of the first output for a number of samples; known where the loss is compiled in. */
  public Shape outputShape(long samples) {
    return new Shape(outputOfOne.get(0) * samples).addAll(outputOfOne.slice(1));
  }

  /**
   * Computes the outputs of a batch.
   *
   * @param parameters the arena's leaf in training, its values in evaluation, {@code [n] float32}
   * @param training whether as in training: dropout, statistics of the batch, which are updated
   * @return the loss, if it is compiled in, and the network's outputs, float32; owned by the
   *     manager of {@code parameters}
   */
  public NDList forward(NDArray parameters, DjlBatch batch, boolean training) {
    List<NDArray> arrays = new ArrayList<>();
    arrays.add(parameters);
    if (batch.rawPixels().isPresent()) {
      Pixels pixels = batch.rawPixels().get();
      arrays.addAll(List.of(pixels.values(), pixels.mean(), pixels.std()));
    } else {
      arrays.addAll(batch.inputs());
    }
    if (withLoss) {
      arrays.add(batch.labels().head());
    }
    return call(training ? TRAIN : EVALUATE, arrays);
  }

  NDList call(String method, List<NDArray> arrays) {
    module.setTraining(method.equals(TRAIN) || method.equals(Trial.TRAINING));
    List<NDArray> all = new ArrayList<>(arrays);
    all.addAll(constants);
    return module.call(method, all);
  }

  @Override
  public void close() {
    constants.forEach(NDArray::close);
    module.close();
  }
}
