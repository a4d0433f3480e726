package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * Stochastic gradient descent, exactly as {@code torch.optim.SGD} computes it.
 *
 * <p>With gradient g, weights p and buffer b: {@code d = g + weight_decay * p; b = d} at the first
 * step and {@code b = momentum * b + (1 - dampening) * d} after it; {@code d = d + momentum * b}
 * with Nesterov, else {@code d = b}; {@code p = p - lr * d}. The learning rate scales the update,
 * not the buffer, so the momentum survives a change of the rate. All parameters are updated by one
 * call into libtorch.
 */
public final class Sgd extends ArenaOptimizer {
  private static final String BUFFER = "momentum_buffer";

  private final boolean nesterov;

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Sgd(ParameterArena arena, SgdOptions options, DeviceScalars scalars) {
    super(
        arena,
        scalars,
        options(
            ParamGroup.LR,
            options.lr(),
            ParamGroup.MOMENTUM,
            options.momentum(),
            "dampening",
            options.dampening(),
            "weight_decay",
            options.weightDecay()));
    this.nesterov = options.nesterov();
  }

  @Override
  void update(NDArray weight, NDArray gradient, int step) {
    double momentum = option(ParamGroup.MOMENTUM);
    boolean first = !hasState(BUFFER);
    double[] options = {
      option(ParamGroup.LR),
      momentum,
      option("dampening"),
      option("weight_decay"),
      nesterov ? 1 : 0,
      first ? 1 : 0
    };
    NDArray buffer = stateIf(momentum != 0, BUFFER);
    TorchKernels.shared().update("sgd", options, weight, gradient, buffer);
  }
}
