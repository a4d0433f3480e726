package org.djlrunner.schedule;

import java.util.List;
import org.djlrunner.spi.Optimizer;
import org.djlrunner.spi.ParamGroup;

/**
 * An optimizer's parameter groups as a policy sees them.
 *
 * @param names what a config may call the optimizer: its name in the run and, for a run's only
 *     optimizer, its class as PyTorch spells it
 * @param initial the value that each group was built with
 */
public record GroupBases(List<String> names, List<Double> initial) {
  /** Copies the lists. */
  public GroupBases {
    names = List.copyOf(names);
    initial = List.copyOf(initial);
  }

  /** The learning rates of an optimizer. */
  public static GroupBases learningRates(String name, Optimizer optimizer, boolean only) {
    return new GroupBases(
        names(name, optimizer, only),
        optimizer.paramGroups().stream().map(ParamGroup::initialLr).toList());
  }

  /**
   * The momenta of an optimizer.
   *
   * @throws IllegalStateException if a group has neither momentum nor betas
   */
  public static GroupBases momenta(String name, Optimizer optimizer, boolean only) {
    return new GroupBases(
        names(name, optimizer, only),
        optimizer.paramGroups().stream()
            .map(
                group ->
                    group
                        .initialMomentum()
                        .orElseThrow(
                            () ->
                                new IllegalStateException(
                                    "momentum_config has nothing to change: "
                                        + optimizer.kind()
                                        + " ('"
                                        + name
                                        + "') has neither momentum nor betas; leave the section"
                                        + " out, or take SGD, RMSprop or an Adam")))
            .toList());
  }

  /** A curve for each group that follows from its initial value alone. */
  List<Curve> scaled(Scaled formula) {
    return initial.stream().<Curve>map(base -> at -> formula.value(base, at)).toList();
  }

  /** A value as a function of what it begins with. */
  @FunctionalInterface
  interface Scaled {
    double value(double base, Position at);
  }

  private static List<String> names(String name, Optimizer optimizer, boolean only) {
    return only ? List.of(optimizer.kind(), name) : List.of(name);
  }
}
