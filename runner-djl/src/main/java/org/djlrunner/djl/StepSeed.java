package org.djlrunner.djl;

/** The seed of what a training step draws, such as dropout's masks, as a function of its place. */
final class StepSeed {
  private StepSeed() {}

  /**
   * Mixes a run's seed with an iteration, by the finaliser of SplitMix64, so that neighbours share
   * nothing.
   *
   * @return 0 or more: libtorch takes no negative seed on every device
   */
  static long of(long seed, int iter) {
    long mixed = seed * 0x9E3779B97F4A7C15L + iter + 1;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (mixed ^ (mixed >>> 31)) >>> 1;
  }
}
