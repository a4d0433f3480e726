package org.djlrunner.djl.data;

/**
 * A small stream of random numbers whose every bit is fixed by this file.
 *
 * <p>The generator is splitmix64 (Steele, Lea and Flood, 2014): a counter that steps by {@link
 * #GAMMA}, put through a bijective mixer. {@link java.util.SplittableRandom} is the same generator,
 * but how it turns bits into doubles may change with the JDK; pinned data must not change with it.
 */
public final class SplitMix {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

  // Four uniform 16-bit numbers: their sum has mean 2 * 65535 and standard deviation 65536/sqrt(3).
  private static final double BELL_MEAN = 2.0 * 65535;
  private static final double BELL_DEVIATION = 37837.22;

  private long state;

  /** The stream for one purpose and one index under a seed; other triples give other streams. */
  public SplitMix(long seed, int purpose, int index) {
    // Mixed after each part, so that seeds or indices that are neighbours start far apart.
    state = mix(mix(mix(seed + GAMMA) + purpose * GAMMA) + index * GAMMA);
  }

  /** The next 64 random bits. */
  public long next() {
    state += GAMMA;
    return mix(state);
  }

  /** A number from {@code low} (included) to {@code high} (excluded). */
  public double between(double low, double high) {
    return low + (high - low) * ((next() >>> 11) * 0x1.0p-53);
  }

  /** A whole number from 0 (included) to {@code bound} (excluded). */
  public int below(int bound) {
    return (int) (((next() >>> 33) * bound) >>> 31);
  }

  /**
   * A bell-shaped number of mean 0 and deviation 1, within 3.47 of 0.
   *
   * <p>A sum of four uniforms: near enough to a Gaussian for noise, without its logarithm.
   */
  public double bell() {
    long bits = next();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - BELL_MEAN) / BELL_DEVIATION;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
