package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * Adam (Kingma, Ba 2014) and AdamW (Loshchilov, Hutter 2017), exactly as {@code torch.optim}
 * computes them; all parameters are updated by one call into libtorch.
 *
 * <p>With gradient g at step t: {@code m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2)
 * * g^2; p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)}.
 */
public final class Adam extends ArenaOptimizer {
  private final boolean decoupled;
  private final boolean amsgrad;

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adam(ParameterArena arena, AdamOptions options, DeviceScalars scalars) {
    super(
        arena,
        scalars,
        options(
            ParamGroup.LR,
            options.lr(),
            "beta1",
            options.beta1(),
            "beta2",
            options.beta2(),
            "eps",
            options.eps(),
            "weight_decay",
            options.weightDecay()));
    this.decoupled = options.decoupled();
    this.amsgrad = options.amsgrad();
  }

  @Override
  void update(NDArray weight, NDArray gradient, int step) {
    double[] options = {
      option(ParamGroup.LR),
      option("beta1"),
      option("beta2"),
      option("eps"),
      option("weight_decay"),
      decoupled ? 1 : 0,
      amsgrad ? 1 : 0,
      step
    };
    TorchKernels.shared()
        .update(
            "adam",
            options,
            weight,
            gradient,
            state("exp_avg"),
            state("exp_avg_sq"),
            stateIf(amsgrad, "max_exp_avg_sq"));
  }
}
