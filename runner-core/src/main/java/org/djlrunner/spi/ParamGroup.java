package org.djlrunner.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Parameters that share their hyper-parameters, as a schedule sees them.
 *
 * <p>Options have PyTorch's names: {@code lr}, {@code momentum}, {@code weight_decay} and so on.
 * Schedules write, the optimizer reads at its next step; both happen on the runner's thread.
 */
public final class ParamGroup {
  /** The learning rate's option name. */
  public static final String LR = "lr";

  /** The momentum's option name. */
  public static final String MOMENTUM = "momentum";

  /** The option name of the first of Adam's betas, which is what momentum is there. */
  public static final String BETA1 = "beta1";

  private final String name;
  private double initialLr;
  private OptionalDouble initialMomentum;
  // Written before each iteration, so it is no boxed option.
  private double lr;
  private final Map<String, Double> options;

  /**
   * Creates a group; its present learning rate becomes the base of every schedule.
   *
   * @param name what a log or an error calls it
   * @param options option name to value; must hold {@code lr}
   * @throws IllegalArgumentException if there is no learning rate
   */
  public ParamGroup(String name, Map<String, Double> options) {
    this.name = name;
    this.options = new LinkedHashMap<>(options);
    Double given = options.get(LR);
    if (given == null) {
      throw new IllegalArgumentException("parameter group '" + name + "' has no option 'lr'");
    }
    this.initialLr = given;
    this.lr = given;
    this.initialMomentum = momentum();
  }

  /** What a log or an error calls this group. */
  public String name() {
    return name;
  }

  /** A copy of the options by name, as they are now. */
  public Map<String, Double> options() {
    Map<String, Double> now = new LinkedHashMap<>(options);
    now.put(LR, lr);
    return now;
  }

  /** The learning rate of the next update. */
  public double lr() {
    return lr;
  }

  /** Sets the learning rate of the next update. */
  public void setLr(double lr) {
    this.lr = lr;
  }

  /** The learning rate that the optimizer was built with, which schedules scale. */
  public double initialLr() {
    return initialLr;
  }

  /** The momentum, of the Adam family the first beta; empty for an optimizer without either. */
  public OptionalDouble momentum() {
    Double momentum = options.get(MOMENTUM);
    if (momentum == null) {
      momentum = options.get(BETA1);
    }
    return momentum == null ? OptionalDouble.empty() : OptionalDouble.of(momentum);
  }

  /**
   * Sets the momentum of the next update; the second beta stays.
   *
   * @throws IllegalArgumentException if the group has neither momentum nor betas
   */
  public void setMomentum(double momentum) {
    setOption(options.containsKey(MOMENTUM) ? MOMENTUM : BETA1, momentum);
  }

  /** The momentum that the optimizer was built with, which schedules scale; empty if none. */
  public OptionalDouble initialMomentum() {
    return initialMomentum;
  }

  /** What schedules scale: {@code lr} and, if there is one, {@code momentum}. */
  public Map<String, Double> initial() {
    Map<String, Double> initial = new LinkedHashMap<>();
    initial.put(LR, initialLr);
    initialMomentum.ifPresent(momentum -> initial.put(MOMENTUM, momentum));
    return initial;
  }

  /** Has schedules scale what another group began with, as {@link #initial} told it. */
  public void rebase(Map<String, Double> initial) {
    initialLr = initial.getOrDefault(LR, initialLr);
    if (initialMomentum.isPresent() && initial.containsKey(MOMENTUM)) {
      initialMomentum = OptionalDouble.of(initial.get(MOMENTUM));
    }
  }

  /** The momentum as MMCV tells it: that of {@link #momentum}, or 0 where there is none. */
  public double currentMomentum() {
    return momentum().orElse(0);
  }

  /**
   * An option's value.
   *
   * @throws IllegalArgumentException if the group has no such option
   */
  public double option(String option) {
    Double value = option.equals(LR) ? Double.valueOf(lr) : options.get(option);
    if (value == null) {
      throw new IllegalArgumentException(
          "parameter group '"
              + name
              + "' has no option '"
              + option
              + "'; it has "
              + options.keySet());
    }
    return value;
  }

  /** Sets an option that the group already has. */
  public void setOption(String option, double value) {
    option(option);
    if (option.equals(LR)) {
      lr = value;
    } else {
      options.put(option, value);
    }
  }
}
