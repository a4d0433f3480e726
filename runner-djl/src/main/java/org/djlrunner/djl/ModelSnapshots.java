package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.OptimizerCopy;
import org.djlrunner.djl.param.ArenaLayout;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.Snapshots;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a model's parameters, their average, running statistics and the states of its
 * optimizers, on its device.
 *
 * <p>A copy takes as much memory as what it copies. It is flat and knows its layout, so it can be
 * restored by name after some were frozen or unfrozen: all get their values of then. What was
 * frozen then has no state in optimizers and begins its average anew.
 *
 * <p>Options of optimizers, such as learning rates and momenta, stay as they are: hooks write them.
 * The state of optimizers that aren't ours is not copied.
 */
public final class ModelSnapshots implements Snapshots {
  private static final NDIndex ALL = new NDIndex("...");

  private final DjlModelStep<?> model;

  /** Copies of a model. */
  public ModelSnapshots(DjlModelStep<?> model) {
    this.model = model;
  }

  @Override
  public Snapshot take(Map<String, Optimizer> optimizers) {
    return new Copy(optimizers.values());
  }

  private final class Copy implements Snapshot {
    private final NDManager manager = model.manager().newSubManager();
    private final ArenaLayout layout = model.arena().layout();
    private final NDArray weights;
    private final @Nullable NDArray average;
    private final Map<Parameter, NDArray> others = new LinkedHashMap<>();
    private final List<OptimizerCopy> states = new ArrayList<>();

    Copy(Collection<Optimizer> optimizers) {
      try {
        Set<Parameter> trained =
            layout.slots().stream().map(ArenaSlot::parameter).collect(Collectors.toSet());
        for (Parameter parameter : ParameterNames.of(model.block()).values()) {
          if (!trained.contains(parameter)) {
            others.put(parameter, copy(parameter.getArray()));
          }
        }
        weights = copy(model.arena().master());
        average = model.averageIfKept().map(kept -> kept.copy(manager)).orElse(null);
        for (Optimizer optimizer : optimizers) {
          if (optimizer instanceof ArenaOptimizer ours) {
            states.add(ours.copy(manager));
          }
        }
      } catch (RuntimeException e) {
        manager.close();
        throw e;
      }
    }

    private NDArray copy(NDArray array) {
      NDArray copy = array.duplicate();
      copy.attach(manager);
      return copy;
    }

    @Override
    public void restore() {
      restoreWeights();
      others.forEach((parameter, value) -> parameter.getArray().set(ALL, value));
      if (average != null) {
        model.average().restore(average, layout);
      }
      states.forEach(OptimizerCopy::restore);
    }

    private void restoreWeights() {
      if (layout == model.arena().layout()) {
        model.arena().master().set(ALL, weights);
        return;
      }
      try (NDManager scratch = manager.newSubManager()) {
        Map<String, NDArray> values = layout.values(weights, scratch);
        for (ArenaSlot slot : layout.slots()) {
          NDArray value = Objects.requireNonNull(values.get(slot.name()));
          slot.parameter().getArray().set(ALL, value);
        }
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
