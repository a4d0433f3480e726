package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;

/**
 * Adamax (Kingma, Ba 2014), exactly as {@code torch.optim.Adamax} computes it.
 *
 * <p>With gradient g at step t: {@code m = beta1 * m + (1 - beta1) * g; u = max(beta2 * u, |g| +
 * eps); p = p - lr / (1 - beta1^t) * m / u}.
 */
public final class Adamax extends ArenaOptimizer {
  private static final List<String> STATES = List.of("exp_avg", "exp_inf");

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adamax(ParameterArena arena, AdamaxOptions options, DeviceScalars scalars) {
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
  public Adamax(
      ParameterArena arena, AdamaxOptions options, List<GroupSpec> groups, DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, AdamaxOptions::of);
  }

  @Override
  public String kind() {
    return "Adamax";
  }

  @Override
  String kernel() {
    return "adamax";
  }

  @Override
  List<String> states() {
    return STATES;
  }

  @Override
  double[] more(long step, boolean first) {
    return new double[] {step};
  }
}
