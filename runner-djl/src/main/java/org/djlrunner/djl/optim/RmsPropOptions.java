package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of RMSprop, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more; default 0.01
 * @param alpha how much of the running mean of squares is kept, 0 or more; default 0.99
 * @param eps added to the denominator, 0 or more; default 1e-8
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param momentum factor on the running update; default 0
 * @param centered whether the variance is used instead of the mean of squares; default false
 * @param maximize whether the loss is made as large as possible; default false
 */
public record RmsPropOptions(
    double lr,
    double alpha,
    double eps,
    double weightDecay,
    double momentum,
    boolean centered,
    boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public RmsPropOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atLeastZero("alpha", alpha);
    OptionRange.atLeastZero("eps", eps);
    OptionRange.atLeastZero("weight_decay", weightDecay);
    OptionRange.atLeastZero("momentum", momentum);
  }

  /** RMSprop with PyTorch's defaults. */
  public static RmsPropOptions lr(double lr) {
    return new RmsPropOptions(lr, 0.99, 1e-8, 0, 0, false);
  }

  /** Options that make the loss small. */
  public RmsPropOptions(
      double lr, double alpha, double eps, double weightDecay, double momentum, boolean centered) {
    this(lr, alpha, eps, weightDecay, momentum, centered, false);
  }

  /** The same for making the loss as large as possible. */
  public RmsPropOptions withMaximize() {
    return new RmsPropOptions(lr, alpha, eps, weightDecay, momentum, centered, true);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "alpha", alpha,
        "eps", eps,
        "weight_decay", weightDecay,
        "momentum", momentum,
        "centered", centered,
        "maximize", maximize);
  }

  static RmsPropOptions of(Map<String, Double> options) {
    return new RmsPropOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "alpha"),
        OptionValues.number(options, "eps"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.number(options, "momentum"),
        OptionValues.flag(options, "centered"),
        OptionValues.flag(options, "maximize"));
  }
}
