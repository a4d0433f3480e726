package org.djlrunner.djl.experiment;

import java.util.function.Supplier;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.EmaHook;
import org.djlrunner.hook.EmaMomentum;

/** Reads the hooks that average weights, under the names and with the options of the MM family. */
final class EmaHooks {
  private static final double MOMENTUM = 0.0002;

  private EmaHooks() {}

  /** {@code EMAHook} and {@code LinearMomentumEMAHook}: {@code momentum, interval, warm_up}. */
  static HookSpec linear(ConfigReader config) {
    double momentum = momentum(config);
    int warmUp = config.integer("warm_up", 100);
    config.require(warmUp >= 0, "warm_up", "must be 0 or more, got " + warmUp);
    return spec(config, () -> new EmaMomentum.Linear(momentum, warmUp));
  }

  /** {@code ExpMomentumEMAHook}: {@code momentum, interval, total_iter}. */
  static HookSpec exponential(ConfigReader config) {
    double momentum = momentum(config);
    int totalIter = config.integer("total_iter", 2000);
    config.require(totalIter > 0, "total_iter", "must be at least 1, got " + totalIter);
    return spec(config, () -> new EmaMomentum.Exponential(momentum, totalIter));
  }

  /** {@code MomentumAnnealingEMAHook}: {@code momentum, interval, gamma}. */
  static HookSpec annealing(ConfigReader config) {
    double momentum = momentum(config);
    int gamma = config.integer("gamma", 100);
    config.require(gamma > 0, "gamma", "must be at least 1, got " + gamma);
    return spec(config, () -> new EmaMomentum.Annealing(momentum, gamma));
  }

  /** {@code StochasticWeightAverageHook}: {@code begin_iter, interval}. */
  static HookSpec mean(ConfigReader config) {
    int beginIter = config.integer("begin_iter", 0);
    int interval = config.integer("interval", 1);
    config.require(beginIter >= 0, "begin_iter", "must be 0 or more, got " + beginIter);
    config.require(
        interval < 1 || beginIter % interval == 0,
        "begin_iter",
        "must be a multiple of interval, " + interval + ", got " + beginIter);
    return spec(config, () -> new EmaMomentum.Mean(beginIter));
  }

  private static double momentum(ConfigReader config) {
    double momentum = config.number("momentum", MOMENTUM);
    config.require(
        momentum > 0 && momentum < 1, "momentum", "must lie between 0 and 1, got " + momentum);
    return momentum;
  }

  /** Builds when there is a model, by which time all that is wrong has been reported. */
  private static HookSpec spec(ConfigReader config, Supplier<EmaMomentum> momentum) {
    int interval = config.integer("interval", 1);
    config.require(interval > 0, "interval", "must be at least 1, got " + interval);
    config.require(
        config.stringOrNull("resume_from") == null,
        "resume_from",
        "write it at the top level of the config, resume_from: FILE; checkpoints hold the average"
            + " and the weights in training, and a run that resumes goes on with both");
    config.require(
        config.bool("skip_buffers", true),
        "skip_buffers",
        "averages are of parameters only; leave it out, or say true");
    return parts -> new EmaHook(parts.model().average(), momentum.get(), interval);
  }
}
