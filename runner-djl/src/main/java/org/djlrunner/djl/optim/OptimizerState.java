package org.djlrunner.djl.optim;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * All that an optimizer needs to go on as if it had not been interrupted.
 *
 * @param kind PyTorch's name of its class, such as {@code SGD}
 * @param groups its groups, in order
 * @param parameters parameter name to state name ({@code momentum_buffer}, {@code exp_avg} ...) to
 *     array, float32 in the parameter's shape, and {@code step}, {@code [] int64}, the updates so
 *     far; a parameter that was never updated may be absent
 */
public record OptimizerState(
    String kind, List<Group> groups, Map<String, Map<String, NDArray>> parameters) {
  /** The name of the update count. */
  public static final String STEP = "step";

  /** Copies the list and the outer map. */
  public OptimizerState {
    groups = List.copyOf(groups);
    parameters = Map.copyOf(parameters);
  }

  /**
   * A group's options and members.
   *
   * @param options option name to value; flags are 0 or 1
   * @param initial the learning rate, and the momentum if there is one, that schedules scale
   * @param members state-dict names, in the order of storage
   */
  public record Group(
      String name, Map<String, Double> options, Map<String, Double> initial, List<String> members) {
    /** Copies all. */
    public Group {
      initial = Map.copyOf(initial);
      options = Map.copyOf(options);
      members = List.copyOf(members);
    }
  }
}
