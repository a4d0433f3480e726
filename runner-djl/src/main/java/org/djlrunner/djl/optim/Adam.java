package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;
import org.djlrunner.spi.ParamGroup;

/**
 * Adam (Kingma, Ba 2014) and AdamW (Loshchilov, Hutter 2017), exactly as {@code torch.optim}
 * computes them.
 *
 * <p>With gradient g at step t: {@code m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2)
 * * g^2; p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)}.
 */
public final class Adam extends ArenaOptimizer {
  private static final List<String> STATES = List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq");
  private final boolean decoupled;

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adam(ParameterArena arena, AdamOptions options, DeviceScalars scalars) {
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
  public Adam(
      ParameterArena arena, AdamOptions options, List<GroupSpec> groups, DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, AdamOptions::of);
    this.decoupled = options.decoupled();
  }

  @Override
  public String kind() {
    return decoupled ? "AdamW" : "Adam";
  }

  @Override
  String kernel() {
    return "adam";
  }

  @Override
  List<String> states() {
    return STATES;
  }

  @Override
  boolean needs(String stateName, ParamGroup group) {
    return !stateName.equals("max_exp_avg_sq") || group.option("amsgrad") != 0;
  }

  @Override
  double[] more(long step, boolean first) {
    return new double[] {step};
  }
}
