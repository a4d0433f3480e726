package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;

/**
 * Adagrad (Duchi, Hazan, Singer 2011), exactly as {@code torch.optim.Adagrad} computes it; all
 * parameters are updated by one call into libtorch.
 *
 * <p>With gradient g at step t: {@code s = s + g^2; p = p - lr / (1 + (t - 1) * lr_decay) * g /
 * (sqrt(s) + eps)}.
 */
public final class Adagrad extends ArenaOptimizer {
  private static final List<String> STATES = List.of("sum");

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adagrad(ParameterArena arena, AdagradOptions options, DeviceScalars scalars) {
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
  public Adagrad(
      ParameterArena arena, AdagradOptions options, List<GroupSpec> groups, DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, AdagradOptions::of);
  }

  @Override
  public String kind() {
    return "Adagrad";
  }

  @Override
  String kernel() {
    return "adagrad";
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
