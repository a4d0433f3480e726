package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of Adadelta, with PyTorch's meaning.
 *
 * @param lr factor on the update, 0 or more; 1 in PyTorch
 * @param rho how much of the running means is kept, in [0, 1]; default 0.9
 * @param eps added under both roots, 0 or more; default 1e-6
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param maximize whether the loss is made as large as possible; default false
 */
public record AdadeltaOptions(
    double lr, double rho, double eps, double weightDecay, boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public AdadeltaOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atMostOne("rho", rho);
    OptionRange.atLeastZero("eps", eps);
    OptionRange.atLeastZero("weight_decay", weightDecay);
  }

  /** Adadelta with PyTorch's defaults. */
  public static AdadeltaOptions lr(double lr) {
    return new AdadeltaOptions(lr, 0.9, 1e-6, 0, false);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "rho", rho,
        "eps", eps,
        "weight_decay", weightDecay,
        "maximize", maximize);
  }

  static AdadeltaOptions of(Map<String, Double> options) {
    return new AdadeltaOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "rho"),
        OptionValues.number(options, "eps"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.flag(options, "maximize"));
  }
}
