package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlrunner.djl.kernel.TorchKernels;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.metric.Scalar;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, exactly as {@code torch.optim.SGD} computes it.
 *
 * <p>With gradient g, weights p and buffer b: {@code d = g + weight_decay * p; b = d} at the first
 * step and {@code b = momentum * b + (1 - dampening) * d} after it; {@code d = d + momentum * b}
 * with Nesterov, else {@code d = b}; {@code p = p - lr * d}. The learning rate scales the update,
 * not the buffer, so the momentum survives a change of the rate. All parameters are updated by one
 * call into libtorch.
 */
public final class Sgd implements Optimizer {
  private static final String DAMPENING = "dampening";
  private static final String WEIGHT_DECAY = "weight_decay";

  private final ParameterArena arena;
  private final DeviceScalars scalars;
  private final boolean nesterov;
  private final ParamGroup group;
  private @Nullable NDArray buffer;

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Sgd(ParameterArena arena, SgdOptions options, DeviceScalars scalars) {
    this.arena = arena;
    this.scalars = scalars;
    this.nesterov = options.nesterov();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(ParamGroup.LR, options.lr());
    values.put(ParamGroup.MOMENTUM, options.momentum());
    values.put(DAMPENING, options.dampening());
    values.put(WEIGHT_DECAY, options.weightDecay());
    this.group = new ParamGroup("all parameters", values);
  }

  @Override
  public List<ParamGroup> paramGroups() {
    return List.of(group);
  }

  /** Nothing to do: each step's leaf is fresh and has no gradient yet. */
  @Override
  public void zeroGrad() {}

  @Override
  public Scalar clipGradNorm(double maxNorm, double normType) {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return Scalar.of(0);
    }
    try (NDArray current = gradient.get()) {
      return scalars.keep(TorchKernels.shared().clipNorm(current, maxNorm, normType), 1);
    }
  }

  @Override
  public void step() {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return;
    }
    double momentum = group.option(ParamGroup.MOMENTUM);
    boolean first = buffer == null;
    if (first && momentum != 0) {
      buffer = arena.master().zerosLike();
    }
    try (NDArray current = gradient.get()) {
      TorchKernels.shared()
          .sgd(
              arena.master(),
              current,
              buffer == null ? current : buffer,
              group.lr(),
              momentum,
              group.option(DAMPENING),
              group.option(WEIGHT_DECAY),
              nesterov,
              first);
    }
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }
}
