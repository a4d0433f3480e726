package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * RMSprop, exactly as {@code torch.optim.RMSprop} computes it; all parameters are updated by one
 * call into libtorch.
 *
 * <p>With gradient g: {@code v = alpha * v + (1 - alpha) * g^2; p = p - lr * g / (sqrt(v) + eps)},
 * where momentum averages the quotient and centring takes the squared mean of gradients from v.
 */
public final class RmsProp extends ArenaOptimizer {
  private final boolean centered;

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public RmsProp(ParameterArena arena, RmsPropOptions options, DeviceScalars scalars) {
    super(
        arena,
        scalars,
        options(
            ParamGroup.LR,
            options.lr(),
            "alpha",
            options.alpha(),
            "eps",
            options.eps(),
            "weight_decay",
            options.weightDecay(),
            ParamGroup.MOMENTUM,
            options.momentum()));
    this.centered = options.centered();
  }

  @Override
  void update(NDArray weight, NDArray gradient, int step) {
    double momentum = option(ParamGroup.MOMENTUM);
    double[] options = {
      option(ParamGroup.LR),
      option("alpha"),
      option("eps"),
      option("weight_decay"),
      momentum,
      centered ? 1 : 0
    };
    TorchKernels.shared()
        .update(
            "rmsprop",
            options,
            weight,
            gradient,
            state("square_avg"),
            stateIf(centered, "grad_avg"),
            stateIf(momentum > 0, "momentum_buffer"));
  }
}
