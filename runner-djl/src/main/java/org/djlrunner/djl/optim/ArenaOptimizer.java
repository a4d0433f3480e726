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

/** What optimizers over an arena share: one group of all parameters, clipping, named state. */
abstract class ArenaOptimizer implements Optimizer {
  private final ParameterArena arena;
  private final DeviceScalars scalars;
  private final ParamGroup group;
  private final Map<String, NDArray> state = new LinkedHashMap<>();
  private int steps;

  ArenaOptimizer(ParameterArena arena, DeviceScalars scalars, Map<String, Double> options) {
    this.arena = arena;
    this.scalars = scalars;
    this.group = new ParamGroup("all parameters", options);
  }

  /**
   * Updates all parameters, by one kernel.
   *
   * @param weight {@code [n] float32}, updated in place
   * @param gradient {@code [n] float32}
   * @param step number of this update, from 1
   */
  abstract void update(NDArray weight, NDArray gradient, int step);

  @Override
  public final List<ParamGroup> paramGroups() {
    return List.of(group);
  }

  /** Nothing to do: each step's leaf is fresh and has no gradient yet. */
  @Override
  public final void zeroGrad() {}

  @Override
  public final void keepGrad() {
    arena.keepGradient();
  }

  @Override
  public final Scalar scaleGrad(double factor) {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return Scalar.of(1);
    }
    try (NDArray current = gradient.get()) {
      return scalars.keep(TorchKernels.shared().scale(current, factor), 1);
    }
  }

  @Override
  public final void clipGradValue(double clipValue) {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isPresent()) {
      try (NDArray current = gradient.get()) {
        TorchKernels.shared().clipValue(current, clipValue);
      }
    }
  }

  @Override
  public final Scalar clipGradNorm(double maxNorm, double normType) {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isEmpty()) {
      return Scalar.of(0);
    }
    try (NDArray current = gradient.get()) {
      return scalars.keep(TorchKernels.shared().clipNorm(current, maxNorm, normType), 1);
    }
  }

  @Override
  public final void step() {
    Optional<NDArray> gradient = arena.gradient();
    if (gradient.isPresent()) {
      try (NDArray current = gradient.get()) {
        update(arena.master(), current, ++steps);
      }
    }
  }

  @Override
  public final void close() {
    state.values().forEach(NDArray::close);
    state.clear();
  }

  /** An option's present value. */
  final double option(String name) {
    return group.option(name);
  }

  /** Whether this state exists already. */
  final boolean hasState(String name) {
    return state.containsKey(name);
  }

  /** A state array, {@code [n] float32}; zeros when first asked for. */
  final NDArray state(String name) {
    return state.computeIfAbsent(name, n -> arena.master().zerosLike());
  }

  /** A state array where it is needed, else any array of its shape, which costs nothing. */
  final NDArray stateIf(boolean needed, String name) {
    return needed ? state(name) : arena.master();
  }

  /** Options in the order given, {@code name, value, name, value}, as a group holds them. */
  static Map<String, Double> options(Object... namesAndValues) {
    Map<String, Double> options = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put((String) namesAndValues[i], (Double) namesAndValues[i + 1]);
    }
    return options;
  }
}
