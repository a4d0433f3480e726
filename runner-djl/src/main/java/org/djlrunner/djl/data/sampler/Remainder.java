package org.djlrunner.djl.data.sampler;

/** What becomes of a data set that can't be shared out evenly. */
public enum Remainder {
  /**
   * Samples from the beginning of the order come again at its end, so that all have as many: what
   * PyTorch does, and MMClassification with {@code round_up: true}.
   */
  PAD,
  /** The last samples of the order are left out, PyTorch's {@code drop_last: true}. */
  DROP,
  /** Some have one sample less: MMClassification's {@code round_up: false}, for evaluation. */
  UNEVEN;

  /** How many samples are shared out. */
  int total(int samples, int replicas) {
    return switch (this) {
      case PAD -> Math.multiplyExact((samples + replicas - 1) / replicas, replicas);
      case DROP -> samples / replicas * replicas;
      case UNEVEN -> samples;
    };
  }
}
