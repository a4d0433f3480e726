package org.djlrunner.djl.data.transform;

/**
 * Random numbers for one visit to a sample in one pass: a pure function of seed, pass, sample and
 * visit, so that the number of workers and their order make no difference.
 *
 * <p>The generator is splitmix64 (Steele, Lea and Flood, 2014). An object serves one thread and one
 * sample after another.
 */
public final class SampleRandom {
  private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

  /** Other uses of the same seed, such as the order of samples, have other numbers. */
  private static final long PURPOSE = 0x7472_616E_7366_6F72L;

  private long state;

  /** Numbers that {@link #begin} has to start first. */
  public SampleRandom() {
    begin(0, 0, 0);
  }

  /** Starts the numbers of a sample, or of the first visit to it. */
  public SampleRandom begin(long seed, int pass, long sample) {
    // Mixed after each part, so that neighbours start far apart.
    state = mix(mix(mix((seed ^ PURPOSE) + GAMMA) + pass * GAMMA) + sample * GAMMA);
    return this;
  }

  /** Starts the numbers of a visit to a sample in a pass that may come back to it, from 0. */
  public SampleRandom begin(long seed, int pass, long sample, int visit) {
    begin(seed, pass, sample);
    if (visit > 0) {
      state = mix(state + visit * GAMMA);
    }
    return this;
  }

  /** The next 64 random bits. */
  public long next() {
    state += GAMMA;
    return mix(state);
  }

  /** A number from 0 (included) to 1 (excluded). */
  public double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** A number from {@code low} (included) to {@code high} (excluded, unless equal). */
  public double uniform(double low, double high) {
    return low + (high - low) * unit();
  }

  /** True with a probability of {@code p}; never for 0, always for 1. */
  public boolean chance(double p) {
    return unit() < p;
  }

  /** A whole number from {@code low} to {@code high}, both included. */
  public int between(int low, int high) {
    long count = (long) high - low + 1;
    return (int) (low + (((next() >>> 33) * count) >>> 31));
  }

  /** A normally distributed number. */
  public double gaussian(double mean, double deviation) {
    // 1 - unit() is never 0. StrictMath gives the same bits everywhere.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit()));
    return mean + deviation * radius * StrictMath.cos(2 * Math.PI * unit());
  }

  /** A number of the distribution Beta(alpha, alpha), 0 to 1. */
  public double beta(double alpha) {
    double a = gamma(alpha);
    double b = gamma(alpha);
    // Both can be too small for a double where alpha is tiny; the distribution is a coin then.
    return a + b > 0 ? a / (a + b) : (chance(0.5) ? 1 : 0);
  }

  /** A number of the distribution Gamma(shape, 1), by Marsaglia and Tsang (2000). */
  private double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * StrictMath.pow(1 - unit(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = gaussian(0, 1);
      double v = 1 + c * x;
      if (v > 0) {
        double cube = v * v * v;
        double u = 1 - unit();
        if (StrictMath.log(u) < 0.5 * x * x + d - d * cube + d * StrictMath.log(cube)) {
          return d * cube;
        }
      }
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
