package org.djlrunner.spi;

import java.util.List;
import org.djlrunner.metric.Scalar;

/** Updates parameters from their gradients; the order of calls is zero, backward, clip, step. */
public interface Optimizer extends AutoCloseable {
  /** The groups whose hyper-parameters schedules write, in a fixed order; at least one. */
  List<ParamGroup> paramGroups();

  /** Forgets all gradients, so that the next backward starts from nothing. */
  void zeroGrad();

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
