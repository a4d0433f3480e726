package org.djlrunner.djl.optim;

import java.util.Map;

/**
 * The options of SGD, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more
 * @param momentum factor on the running update, 0 (default) for none
 * @param dampening share of a gradient that is kept out of the running update; default 0
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param nesterov whether the update looks ahead along the momentum; default false
 * @param maximize whether the loss is made as large as possible; default false
 */
public record SgdOptions(
    double lr,
    double momentum,
    double dampening,
    double weightDecay,
    boolean nesterov,
    boolean maximize) {
  /** Rejects what PyTorch rejects. */
  public SgdOptions {
    OptionRange.atLeastZero("lr", lr);
    OptionRange.atLeastZero("momentum", momentum);
    OptionRange.atLeastZero("weight_decay", weightDecay);
    if (nesterov && (momentum <= 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "nesterov needs a momentum above 0 and no dampening, got momentum "
              + momentum
              + " and dampening "
              + dampening);
    }
  }

  /** Plain gradient descent. */
  public static SgdOptions lr(double lr) {
    return new SgdOptions(lr, 0, 0, 0, false);
  }

  /** The same with a momentum. */
  public SgdOptions withMomentum(double momentum) {
    return new SgdOptions(lr, momentum, dampening, weightDecay, nesterov, maximize);
  }

  /** The same with a weight decay. */
  public SgdOptions withWeightDecay(double weightDecay) {
    return new SgdOptions(lr, momentum, dampening, weightDecay, nesterov, maximize);
  }

  /** The same with Nesterov's look-ahead. */
  public SgdOptions withNesterov() {
    return new SgdOptions(lr, momentum, dampening, weightDecay, true, maximize);
  }

  /** Options that make the loss small. */
  public SgdOptions(
      double lr, double momentum, double dampening, double weightDecay, boolean nesterov) {
    this(lr, momentum, dampening, weightDecay, nesterov, false);
  }

  /** The same for making the loss as large as possible. */
  public SgdOptions withMaximize() {
    return new SgdOptions(lr, momentum, dampening, weightDecay, nesterov, true);
  }

  /** By PyTorch's names, in the order of the kernel's rows. */
  public Map<String, Double> values() {
    return OptionValues.of(
        "lr", lr,
        "momentum", momentum,
        "dampening", dampening,
        "weight_decay", weightDecay,
        "nesterov", nesterov,
        "maximize", maximize);
  }

  static SgdOptions of(Map<String, Double> options) {
    return new SgdOptions(
        OptionValues.number(options, "lr"),
        OptionValues.number(options, "momentum"),
        OptionValues.number(options, "dampening"),
        OptionValues.number(options, "weight_decay"),
        OptionValues.flag(options, "nesterov"),
        OptionValues.flag(options, "maximize"));
  }
}
