package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * not the buffer, so the momentum survives a change of the rate.
 *
 * <p>The gradient is used up: it holds other numbers after {@link #step}.
 */
public final class Sgd implements Optimizer {
  /** Elements updated together on a CPU, so that temporaries stay in its cache: 1 MiB of floats. */
  private static final long CPU_SLICE = 1 << 18;

  private static final String DAMPENING = "dampening";
  private static final String WEIGHT_DECAY = "weight_decay";

  private final ParameterArena arena;
  private final DeviceScalars scalars;
  private final boolean nesterov;
  private final ParamGroup group;
  private final long[] bounds;
  private final NDList weights;
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
    this.bounds = sliceBounds(arena);
    this.weights = slices(arena.master());
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
    return gradient.isEmpty()
        ? Scalar.of(0)
        : scalars.keep(GradientNorm.clip(gradient.get(), maxNorm, normType), 1);
  }

  @Override
  public void step() {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return;
    }
    boolean first = buffer == null;
    if (first && group.option(ParamGroup.MOMENTUM) != 0) {
      buffer = arena.master().zerosLike();
    }
    NDList gradients = slices(gradient.get());
    NDList buffers = buffer == null ? gradients : slices(buffer);
    for (int i = 0; i < gradients.size(); i++) {
      update(weights.get(i), gradients.get(i), buffers.get(i), first);
    }
    closeSlices(gradients, gradient.get());
    if (buffer != null) {
      closeSlices(buffers, buffer);
    }
    gradient.get().close();
  }

  @Override
  public void close() {
    closeSlices(weights, arena.master());
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }

  private void update(NDArray weight, NDArray gradient, NDArray momentumBuffer, boolean first) {
    double momentum = group.option(ParamGroup.MOMENTUM);
    double dampening = group.option(DAMPENING);
    double weightDecay = group.option(WEIGHT_DECAY);
    if (weightDecay != 0) {
      addScaled(gradient, weight, weightDecay);
    }
    NDArray direction = gradient;
    if (momentum != 0) {
      momentumBuffer.muli(momentum);
      addScaled(momentumBuffer, gradient, first ? 1 : 1 - dampening);
      if (nesterov) {
        addScaled(gradient, momentumBuffer, momentum);
      } else {
        direction = momentumBuffer;
      }
    }
    addScaled(weight, direction, -group.lr());
  }

  /** {@code target += factor * addend}. */
  private static void addScaled(NDArray target, NDArray addend, double factor) {
    if (factor == 1) {
      target.addi(addend);
      return;
    }
    try (NDArray scaled = addend.mul(factor)) {
      target.addi(scaled);
    }
  }

  private NDList slices(NDArray flat) {
    return bounds.length == 0 ? new NDList(flat) : flat.split(bounds);
  }

  private static void closeSlices(NDList slices, NDArray whole) {
    slices.stream().filter(slice -> slice != whole).forEach(NDArray::close);
  }

  private static long[] sliceBounds(ParameterArena arena) {
    if (arena.master().getDevice().isGpu()) {
      return new long[0];
    }
    int inner = Math.toIntExact((arena.size() - 1) / CPU_SLICE);
    long[] bounds = new long[inner];
    for (int i = 0; i < inner; i++) {
      bounds[i] = (i + 1) * CPU_SLICE;
    }
    return bounds;
  }
}
