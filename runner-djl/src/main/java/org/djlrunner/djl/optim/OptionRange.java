package org.djlrunner.djl.optim;

/** The ranges that optimizers' options have in PyTorch. */
final class OptionRange {
  private OptionRange() {}

  static void atLeastZero(String option, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(option + " must be 0 or more, got " + value);
    }
  }

  static void belowOne(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(option + " must be at least 0 and below 1, got " + value);
    }
  }

  static void atMostOne(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(option + " must be between 0 and 1, got " + value);
    }
  }
}
