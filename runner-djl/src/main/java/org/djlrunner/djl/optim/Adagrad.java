package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * Adagrad (Duchi, Hazan, Singer 2011), exactly as {@code torch.optim.Adagrad} computes it; all
 * parameters are updated by one call into libtorch.
 *
 * <p>With gradient g at step t: {@code s = s + g^2; p = p - lr / (1 + (t - 1) * lr_decay) * g /
 * (sqrt(s) + eps)}.
 */
public final class Adagrad extends ArenaOptimizer {
  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adagrad(ParameterArena arena, AdagradOptions options, DeviceScalars scalars) {
    super(
        arena,
        scalars,
        options(
            ParamGroup.LR,
            options.lr(),
            "lr_decay",
            options.lrDecay(),
            "eps",
            options.eps(),
            "weight_decay",
            options.weightDecay()));
  }

  @Override
  void update(NDArray weight, NDArray gradient, int step) {
    double[] options = {
      option(ParamGroup.LR), option("lr_decay"), option("eps"), option("weight_decay"), step
    };
    TorchKernels.shared().update("adagrad", options, weight, gradient, state("sum"));
  }
}
