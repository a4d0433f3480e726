package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * RMSprop, exactly as {@code torch.optim.RMSprop} computes it.
 *
 * <p>With gradient g: {@code v = alpha * v + (1 - alpha) * g^2; p = p - lr * g / (sqrt(v) + eps)},
 * where momentum averages the quotient and centring takes the squared mean of gradients from v.
 */
public final class RmsProp extends ArenaOptimizer {
  private static final List<String> STATES = List.of("square_avg", "grad_avg", "momentum_buffer");

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public RmsProp(ParameterArena arena, RmsPropOptions options, DeviceScalars scalars) {
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
  public RmsProp(
      ParameterArena arena, RmsPropOptions options, List<GroupSpec> groups, DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, RmsPropOptions::of);
  }

  @Override
  public String kind() {
    return "RMSprop";
  }

  @Override
  String kernel() {
    return "rmsprop";
  }

  @Override
  List<String> states() {
    return STATES;
  }

  @Override
  boolean needs(String stateName, ParamGroup group) {
    return switch (stateName) {
      case "grad_avg" -> group.option("centered") != 0;
      case "momentum_buffer" -> group.option(ParamGroup.MOMENTUM) > 0;
      default -> true;
    };
  }
}
