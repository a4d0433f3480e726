package org.djlrunner.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.OptimizerState;
import org.djlrunner.djl.param.ArenaSlot;
import org.djlrunner.djl.param.ParameterNames;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;
import org.djlrunner.spi.Snapshots;

/**
 * Copies of a model's parameters, their average, running statistics and optimizer state, on its
 * device.
 *
 * <p>A copy takes as much memory as what it copies. It holds for the layout that it was taken in:
 * freezing or unfreezing parameters makes it useless, and restoring it an error.
 */
public final class ModelSnapshots implements Snapshots {
  private static final OptimizerState NOTHING = new OptimizerState("", List.of(), Map.of());

  private final DjlModelStep<?> model;
  private final Optimizer optimizer;

  /** Copies of a model and of its optimizer, where that is one of ours. */
  public ModelSnapshots(DjlModelStep<?> model, Optimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
  }

  @Override
  public Snapshot take() {
    return new Copy();
  }

  private final class Copy implements Snapshot {
    private final NDManager manager = model.manager().newSubManager();
    private final NDArray weights;
    private final Optional<NDArray> average;
    private final Map<Parameter, NDArray> others = new LinkedHashMap<>();
    private final OptimizerState state;

    Copy() {
      Set<Parameter> trained =
          model.arena().slots().stream().map(ArenaSlot::parameter).collect(Collectors.toSet());
      for (Parameter parameter : ParameterNames.of(model.block()).values()) {
        if (!trained.contains(parameter)) {
          others.put(parameter, copy(parameter.getArray()));
        }
      }
      weights = copy(model.arena().master());
      average = model.averageIfKept().map(kept -> kept.copy(manager));
      state = optimizer instanceof ArenaOptimizer ours ? copied(ours) : NOTHING;
    }

    private OptimizerState copied(ArenaOptimizer ours) {
      try (NDManager scratch = manager.newSubManager()) {
        OptimizerState views = ours.state(scratch);
        Map<String, Map<String, NDArray>> parameters = new LinkedHashMap<>();
        views
            .parameters()
            .forEach(
                (name, states) -> {
                  Map<String, NDArray> kept = new LinkedHashMap<>();
                  states.forEach((key, array) -> kept.put(key, copy(array)));
                  parameters.put(name, kept);
                });
        return new OptimizerState(views.kind(), views.groups(), parameters);
      }
    }

    private NDArray copy(NDArray array) {
      NDArray copy = array.duplicate();
      copy.attach(manager);
      return copy;
    }

    @Override
    public void restore() {
      model.arena().master().set(new NDIndex("..."), weights);
      average.ifPresent(copy -> model.average().restore(copy));
      others.forEach((parameter, value) -> parameter.getArray().set(new NDIndex("..."), value));
      if (optimizer instanceof ArenaOptimizer ours) {
        // A schedule owns the rates; they belong to the iteration, not to the weights.
        List<Double> rates = ours.paramGroups().stream().map(ParamGroup::lr).toList();
        ours.load(state);
        for (int g = 0; g < rates.size(); g++) {
          ours.paramGroups().get(g).setLr(rates.get(g));
        }
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
