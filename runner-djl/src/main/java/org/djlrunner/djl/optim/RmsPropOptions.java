package org.djlrunner.djl.optim;

/**
 * The options of RMSprop, with PyTorch's meaning.
 *
 * @param lr learning rate, 0 or more; default 0.01
 * @param alpha how much of the running mean of squares is kept, 0 or more; default 0.99
 * @param eps added to the denominator, 0 or more; default 1e-8
 * @param weightDecay factor on the weights that is added to their gradients; default 0
 * @param momentum factor on the running update; default 0
 * @param centered whether the variance is used instead of the mean of squares; default false
 */
public record RmsPropOptions(
    double lr, double alpha, double eps, double weightDecay, double momentum, boolean centered) {
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
}
