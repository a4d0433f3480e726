package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of Adamax, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more; 0.002 in PyTorch
 * @param beta1 how much of the running mean of gradients is kept, in [0, 1); default 0.9
 * @param beta2 how much of the running maximum is kept, in [0, 1); default 0.999
 * @param eps added to magnitudes of gradients, 0 or more; default 1e-8
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param maximize whether the loss is made as large as possible; default false
 */
public record AdamaxOptions(
    double lr, double beta1, double beta2, double eps, double weightDecay, boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public AdamaxOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atLeastZero("eps", eps);
    OptionRange.atLeastZero("weight_decay", weightDecay);
    OptionRange.belowOne("beta1", beta1);
    OptionRange.belowOne("beta2", beta2);
  }

  /** Adamax with PyTorch's defaults. */
  public static AdamaxOptions lr(double lr) {
    return new AdamaxOptions(lr, 0.9, 0.999, 1e-8, 0, false);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "beta1", beta1,
        "beta2", beta2,
        "eps", eps,
        "weight_decay", weightDecay,
        "maximize", maximize);
  }

  static AdamaxOptions of(Map<String, Double> options) {
    return new AdamaxOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "beta1"),
        OptionValues.number(options, "beta2"),
        OptionValues.number(options, "eps"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.flag(options, "maximize"));
  }
}
