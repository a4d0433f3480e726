package org.djlrunner.djl.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.djlrunner.djl.optim.ArenaOptimizer;
import org.djlrunner.djl.optim.OptimizerState;
import org.djlrunner.spi.ParamGroup;

/** The states of optimizers in a checkpoint, beside the optimizers that are to go on with them. */
final class SavedOptimizers {
  /** What schedules write: it differs at any time, and means nothing. */
  private static final Set<String> SCHEDULED =
      Set.of(ParamGroup.LR, ParamGroup.MOMENTUM, ParamGroup.BETA1);

  private final Map<String, ArenaOptimizer> optimizers;
  private final Map<String, OptimizerState> states = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean saved;

  private SavedOptimizers(Map<String, ArenaOptimizer> optimizers) {
    this.optimizers = optimizers;
  }

  /**
   * Reads the states of these optimizers; a file that holds none at all has them begin anew.
   *
   * @param owner owns the arrays
   */
  static SavedOptimizers read(
      SavedModel saved, Map<String, ArenaOptimizer> optimizers, NDManager owner)
      throws IOException {
    SavedOptimizers read = new SavedOptimizers(optimizers);
    String text = saved.content().metadata().get(OptimizerText.META);
    if (text == null) {
      if (!optimizers.isEmpty()) {
        read.notes.add("WARNING: the checkpoint holds no optimizer state: optimizers begin anew");
      }
      return read;
    }
    read.saved = true;
    JsonNode described = Safetensors.JSON.readTree(text);
    for (Map.Entry<String, JsonNode> entry : described.properties()) {
      String name = entry.getKey();
      if (!optimizers.containsKey(name)) {
        read.notes.add("States of optimizer '" + name + "' in it are left aside");
      } else if (entry.getValue().isObject()) {
        read.states.put(name, OptimizerText.read(entry.getValue(), arrays(saved, name, owner)));
      }
    }
    return read;
  }

  private static Map<String, Map<String, NDArray>> arrays(
      SavedModel saved, String optimizer, NDManager owner) {
    String prefix = TensorNames.OPTIMIZER + optimizer + "/";
    Map<String, Map<String, NDArray>> arrays = new LinkedHashMap<>();
    for (String name : saved.content().tensors().keySet()) {
      int slash = name.startsWith(prefix) ? name.indexOf('/', prefix.length()) : -1;
      if (slash > 0) {
        arrays
            .computeIfAbsent(name.substring(slash + 1), parameter -> new LinkedHashMap<>())
            .put(name.substring(prefix.length(), slash), saved.array(name, owner));
      }
    }
    return arrays;
  }

  /** All that keeps states from fitting. */
  List<String> misfits() {
    List<String> misfits = new ArrayList<>();
    optimizers.forEach(
        (name, optimizer) -> {
          OptimizerState state = states.get(name);
          if (state != null) {
            optimizer
                .misfits(state)
                .forEach(problem -> misfits.add("optimizer '" + name + "': " + problem));
          } else if (saved) {
            misfits.add("optimizer '" + name + "' has no state in it");
          }
        });
    return misfits;
  }

  /**
   * Has the optimizers go on with their states.
   *
   * @param hyperparameters whether the options of groups are the file's, too
   * @return in what the options differ
   */
  List<String> restore(boolean hyperparameters) {
    states.forEach(
        (name, state) -> {
          ArenaOptimizer optimizer = Objects.requireNonNull(optimizers.get(name));
          List<ParamGroup> groups = optimizer.paramGroups();
          List<Map<String, Double>> options = groups.stream().map(ParamGroup::options).toList();
          List<Map<String, Double>> initial = groups.stream().map(ParamGroup::initial).toList();
          for (int g = 0; g < groups.size(); g++) {
            compare(name, state.groups().get(g), options.get(g), initial.get(g), hyperparameters);
          }
          optimizer.load(state);
          for (int g = 0; g < groups.size() && !hyperparameters; g++) {
            options.get(g).forEach(groups.get(g)::setOption);
            groups.get(g).rebase(initial.get(g));
          }
        });
    return notes;
  }

  private void compare(
      String optimizer,
      OptimizerState.Group saved,
      Map<String, Double> options,
      Map<String, Double> initial,
      boolean hyperparameters) {
    Map<String, Double> own = new LinkedHashMap<>(options);
    own.keySet().removeAll(SCHEDULED);
    own.putAll(initial);
    Map<String, Double> other = new LinkedHashMap<>(saved.options());
    other.keySet().removeAll(SCHEDULED);
    other.putAll(saved.initial());
    own.forEach(
        (option, value) -> {
          Double before = other.get(option);
          if (before != null && !before.equals(value)) {
            notes.add(
                String.format(
                    "%s of group '%s' of optimizer '%s' is %s in the checkpoint and %s in the"
                        + " config: the %s's counts",
                    option,
                    saved.name(),
                    optimizer,
                    before,
                    value,
                    hyperparameters ? "checkpoint" : "config"));
          }
        });
  }
}
