package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of Adam and AdamW, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more
 * @param beta1 how much of the running mean of gradients is kept, in [0, 1); default 0.9
 * @param beta2 how much of the running mean of squares is kept, in [0, 1); default 0.999
 * @param eps added to the denominator, 0 or more; default 1e-8
 * @param weightDecay 0 or more; default 0 for Adam, 0.01 for AdamW
 * @param decoupled whether weights decay by themselves (AdamW) instead of through their gradients
 * @param amsgrad whether the largest mean of squares so far is used; default false
 * @param maximize whether the loss is made as large as possible; default false
 */
public record AdamOptions(
    double lr,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    boolean amsgrad,
    boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public AdamOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atLeastZero("eps", eps);
    OptionRange.atLeastZero("weight_decay", weightDecay);
    OptionRange.belowOne("beta1", beta1);
    OptionRange.belowOne("beta2", beta2);
  }

  /** Adam with PyTorch's defaults. */
  public static AdamOptions adam(double lr) {
    return new AdamOptions(lr, 0.9, 0.999, 1e-8, 0, false, false);
  }

  /** AdamW with PyTorch's defaults. */
  public static AdamOptions adamW(double lr) {
    return new AdamOptions(lr, 0.9, 0.999, 1e-8, 0.01, true, false);
  }

  /** Options that make the loss small. */
  public AdamOptions(
      double lr,
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      boolean decoupled,
      boolean amsgrad) {
    this(lr, beta1, beta2, eps, weightDecay, decoupled, amsgrad, false);
  }

  /** The same for making the loss as large as possible. */
  public AdamOptions withMaximize() {
    return new AdamOptions(lr, beta1, beta2, eps, weightDecay, decoupled, amsgrad, true);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "beta1", beta1,
        "beta2", beta2,
        "eps", eps,
        "weight_decay", weightDecay,
        "decoupled", decoupled,
        "amsgrad", amsgrad,
        "maximize", maximize);
  }

  static AdamOptions of(Map<String, Double> options) {
    return new AdamOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "beta1"),
        OptionValues.number(options, "beta2"),
        OptionValues.number(options, "eps"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.flag(options, "decoupled"),
        OptionValues.flag(options, "amsgrad"),
        OptionValues.flag(options, "maximize"));
  }
}
