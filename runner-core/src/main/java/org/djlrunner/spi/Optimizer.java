package org.djlrunner.spi;

import java.util.List;
import java.util.Map;
import org.djlrunner.metric.Scalar;

/**
 * Updates parameters from their gradients.
 *
 * <p>The order of calls in an iteration is zero, backward, scale, clip, step. Gradients live until
 * the iteration ends, unless {@link #keepGrad} carries them over to the next.
 */
public interface Optimizer extends AutoCloseable {
  /** The groups whose hyper-parameters schedules write, in a fixed order; at least one. */
  List<ParamGroup> paramGroups();

  /**
   * What it updates: for each name an object that stands for the parameter itself, so that two
   * optimizers of one parameter are found. Frozen parameters count; by default nothing is known.
   */
  default Map<String, Object> parameters() {
    return Map.of();
  }

  /**
   * Names, with shapes, of own parameters that the gradients since {@link #zeroGrad} leave out:
   * they have none, or one that is zero everywhere. Reads the device; by default nothing is known.
   */
  default List<String> idleParameters() {
    return List.of();
  }

  /** PyTorch's name of its class, such as {@code SGD}, which configs and errors use. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /** Forgets all gradients, so that the next backward starts from nothing. */
  void zeroGrad();

  /**
   * Carries the gradients of this iteration, and what it was handed itself, over to the next one,
   * whose backward adds to them.
   *
   * <p>What accumulates gradients over several batches calls this in each iteration that does not
   * step. A second call in the same iteration changes nothing. A parameter has a gradient if it
   * took part in any of these iterations. {@link #zeroGrad} drops what was carried.
   */
  void keepGrad();

  /**
   * Whether it may hold gradients that were kept, after a checkpoint was read; by default it may.
   */
  default boolean mayKeepGrad() {
    return true;
  }

  /**
   * Multiplies all gradients by a factor.
   *
   * @return 1 if every gradient is finite after that, else 0; may still live on the device
   */
  Scalar scaleGrad(double factor);

  /**
   * Bounds each gradient's elements to {@code -clipValue..clipValue}, as {@code
   * torch.nn.utils.clip_grad_value_} does.
   *
   * @param clipValue the bound, 0 or more
   */
  void clipGradValue(double clipValue);

  /**
   * Scales all gradients down together if their norm is above a bound, as {@code
   * torch.nn.utils.clip_grad_norm_} does.
   *
   * @param maxNorm the bound, 0 or more
   * @param normType 2 for the Euclidean norm, infinity for the largest magnitude
   * @return the norm before clipping, which may still live on the device
   */
  Scalar clipGradNorm(double maxNorm, double normType);

  /** Updates every parameter that has a gradient. */
  void step();

  /** Frees the optimizer's state; the default has none. */
  @Override
  default void close() {}
}
