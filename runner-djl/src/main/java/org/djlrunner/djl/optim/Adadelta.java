package org.djlrunner.djl.optim;

import java.util.List;
import org.djlrunner.djl.metric.DeviceScalars;
import org.djlrunner.djl.param.ParameterArena;

/**
 * Adadelta (Zeiler 2012), exactly as {@code torch.optim.Adadelta} computes it.
 *
 * <p>With gradient g: {@code v = rho * v + (1 - rho) * g^2; d = sqrt(u + eps) / sqrt(v + eps) * g;
 * u = rho * u + (1 - rho) * d^2; p = p - lr * d}.
 */
public final class Adadelta extends ArenaOptimizer {
  private static final List<String> STATES = List.of("square_avg", "acc_delta");

  /**
   * An optimizer of all parameters of an arena.
   *
   * @param scalars where gradient norms wait until they are logged
   */
  public Adadelta(ParameterArena arena, AdadeltaOptions options, DeviceScalars scalars) {
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
  public Adadelta(
      ParameterArena arena,
      AdadeltaOptions options,
      List<GroupSpec> groups,
      DeviceScalars scalars) {
    super(arena, scalars, options.values(), groups, AdadeltaOptions::of);
  }

  @Override
  public String kind() {
    return "Adadelta";
  }

  @Override
  String kernel() {
    return "adadelta";
  }

  @Override
  List<String> states() {
    return STATES;
  }
}
