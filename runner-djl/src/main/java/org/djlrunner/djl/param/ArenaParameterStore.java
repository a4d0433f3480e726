package org.djlrunner.djl.param;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;

/**
 * Hands a step's arena views to blocks in place of their own parameter arrays.
 *
 * <p>What blocks ask for takes part in the step; all other parameters have no gradient in it.
 */
public final class ArenaParameterStore extends ParameterStore {
  private final ParameterArena arena;
  private final Map<String, NDArray> views;

  /**
   * Begins a step of an arena.
   *
   * @param step owns leaf and views; closing it ends the step
   */
  public ArenaParameterStore(NDManager step, ParameterArena arena) {
    super(step, false);
    this.arena = arena;
    this.views = arena.beginStep(step);
    arena.useNone();
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    // DJL's blocks ask for optional parameters, such as an absent bias, with null.
    NDArray view = parameter == null ? null : views.get(parameter.getId());
    if (view == null) {
      return super.getValue(parameter, device, training);
    }
    arena.use(parameter);
    return view;
  }
}
