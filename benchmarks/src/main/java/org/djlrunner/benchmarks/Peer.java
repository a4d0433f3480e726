package org.djlrunner.benchmarks;

/** Who competes. */
public enum Peer {
  /** DJL's trainer, driven by {@code EasyTrain}. */
  EASY_TRAIN,
  /** A loop written by hand: gradient collector, DJL's SGD parameter by parameter. */
  HAND_WRITTEN,
  /** Our model step and optimizer, no hooks, no runner. */
  OUR_STEP,
  /** Our runner with learning-rate, optimizer, timer and logger hook. */
  OUR_RUNNER;

  boolean ours() {
    return this == OUR_STEP || this == OUR_RUNNER;
  }

  /** A training from the weights of seed 0. */
  Contestant open(Setting setting) {
    return switch (this) {
      case EASY_TRAIN -> new DjlContestant(setting, true);
      case HAND_WRITTEN -> new DjlContestant(setting, false);
      case OUR_STEP -> new OurContestant(setting, false);
      case OUR_RUNNER -> new OurContestant(setting, true);
    };
  }
}
