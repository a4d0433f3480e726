package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlrunner.djl.optim.OwnedSlots.Owned;

/** Finds all that keeps a saved state from fitting an optimizer. */
final class StateFit {
  private final List<String> differences = new ArrayList<>();

  /** The optimizer's own side: what it would save now, and the states that it can have. */
  static List<String> differences(
      OptimizerState saved, OptimizerState own, OwnedSlots slots, List<String> states) {
    StateFit fit = new StateFit();
    fit.differ("the optimizer", saved.kind(), own.kind());
    fit.compareGroups(saved.groups(), own.groups());
    fit.compareStates(saved.parameters(), slots, states);
    return fit.differences;
  }

  private void compareGroups(List<OptimizerState.Group> saved, List<OptimizerState.Group> own) {
    differ("the number of groups", saved.size(), own.size());
    for (int g = 0; g < Math.min(saved.size(), own.size()); g++) {
      String group = "group '" + own.get(g).name() + "'";
      differ(group + "'s options", saved.get(g).options().keySet(), own.get(g).options().keySet());
      differ(
          group + "'s parameters",
          Set.copyOf(saved.get(g).members()),
          Set.copyOf(own.get(g).members()));
    }
  }

  private void compareStates(
      Map<String, Map<String, NDArray>> saved, OwnedSlots slots, List<String> states) {
    List<String> names = slots.owned().stream().map(owned -> owned.slot().name()).toList();
    for (String name : saved.keySet()) {
      if (!names.contains(name)) {
        differences.add("state of '" + name + "', which is not updated here");
      }
    }
    for (Owned owned : slots.owned()) {
      saved
          .getOrDefault(owned.slot().name(), Map.of())
          .forEach((state, array) -> compare(owned, state, array, states));
    }
  }

  private void compare(Owned owned, String state, NDArray array, List<String> states) {
    String what = state + " of '" + owned.slot().name() + "'";
    if (state.equals(OptimizerState.STEP)) {
      differ("the size of " + what, array.size(), 1L);
    } else if (!states.contains(state)) {
      differences.add(what + ", a state that is unknown here");
    } else {
      differ("the shape of " + what, array.getShape(), owned.slot().shape());
      differ("the type of " + what, array.getDataType(), DataType.FLOAT32);
    }
  }

  private void differ(String what, Object saved, Object own) {
    if (!saved.equals(own)) {
      differences.add(what + ": saved is " + saved + ", here it is " + own);
    }
  }
}
