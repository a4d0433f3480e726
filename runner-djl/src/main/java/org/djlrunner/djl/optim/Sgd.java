package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * Stochastic gradient descent, exactly as {@code torch.optim.SGD} computes it.
 *
 * <p>With gradient g, weights p and buffer b: {@code d = g + weight_decay * p; b = d} at the first
 * step and {@code b = momentum * b + (1 - dampening) * d} after it; {@code d = d + momentum * b}
 * with Nesterov, else {@code d = b}; {@code p = p - lr * d}. The learning rate scales the update,
 * not the buffer, so the momentum survives a change of the rate.
 */
public final class Sgd extends ArenaOptimizer {
  private static final List<String> STATES = List.of("momentum_buffer");

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Sgd(ParameterArena arena, SgdOptions options, DeviceScalars scalars) {
    this(arena, options, GroupSpec.all(), scalars);
  }

  /**
   * An optimizer of some parameters of an arena, in groups.
   *
   * @param options of all groups that have none of their own
   * @param scalars where gradient norms wait until they are logged
   * @throws IllegalArgumentException if a parameter is in two groups, or a group names a parameter
   *     or an option that does not exist
   */
  public Sgd(
      ParameterArena arena, SgdOptions options, List<GroupSpec> groups, DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, SgdOptions::of);
  }

  @Override
  public String kind() {
    return "SGD";
  }

  @Override
  String kernel() {
    return "sgd";
  }

  @Override
  List<String> states() {
    return STATES;
  }

  @Override
  boolean needs(String stateName, ParamGroup group) {
    return group.option(ParamGroup.MOMENTUM) != 0;
  }

  /** The first update fills the buffer, whenever a momentum was set. */
  @Override
  double[] more(long step, boolean first) {
    return new double[] {first ? 1 : 0};
  }

  @Override
  boolean countsSteps() {
    return false;
  }
}
