package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of Adagrad, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more; default 0.01
 * @param lrDecay how the rate falls with the number of updates, 0 or more; default 0
 * @param eps added to the denominator, 0 or more; default 1e-10
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param maximize whether the loss is made as large as possible; default false
 */
public record AdagradOptions(
    double lr, double lrDecay, double eps, double weightDecay, boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public AdagradOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atLeastZero("lr_decay", lrDecay);
    OptionRange.atLeastZero("eps", eps);
    OptionRange.atLeastZero("weight_decay", weightDecay);
  }

  /** Adagrad with PyTorch's defaults. */
  public static AdagradOptions lr(double lr) {
    return new AdagradOptions(lr, 0, 1e-10, 0);
  }

  /** Options that make the loss small. */
  public AdagradOptions(double lr, double lrDecay, double eps, double weightDecay) {
    this(lr, lrDecay, eps, weightDecay, false);
  }

  /** The same for making the loss as large as possible. */
  public AdagradOptions withMaximize() {
    return new AdagradOptions(lr, lrDecay, eps, weightDecay, true);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "lr_decay", lrDecay,
        "eps", eps,
        "weight_decay", weightDecay,
        "maximize", maximize);
  }

  static AdagradOptions of(Map<String, Double> options) {
    return new AdagradOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "lr_decay"),
        OptionValues.number(options, "eps"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.flag(options, "maximize"));
  }
}
