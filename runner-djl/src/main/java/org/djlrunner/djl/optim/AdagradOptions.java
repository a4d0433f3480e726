package org.djlrunner.djl.optim;

/**
 * The options of Adagrad, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more; default 0.01
 * @param lrDecay how the rate falls with the number of updates, 0 or more; default 0
 * @param eps added to the denominator, 0 or more; default 1e-10
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 */
public record AdagradOptions(double lr, double lrDecay, double eps, double weightDecay) {
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
}
