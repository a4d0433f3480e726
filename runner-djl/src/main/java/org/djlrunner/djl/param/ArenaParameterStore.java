package org.djlrunner.djl.param;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;

/** Hands a step's arena views to blocks in place of their own parameter arrays. */
public final class ArenaParameterStore extends ParameterStore {
  private final Map<String, NDArray> views;

  /**
   * A store for one step.
   *
   * @param views the step's views by parameter id; other parameters are handed out as they are
   */
  public ArenaParameterStore(NDManager step, Map<String, NDArray> views) {
    super(step, false);
    this.views = views;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    // DJL's blocks ask for optional parameters, such as an absent bias, with null.
    NDArray view = parameter == null ? null : views.get(parameter.getId());
    return view != null ? view : super.getValue(parameter, device, training);
  }
}
