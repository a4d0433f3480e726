package org.djlrunner.hook;

/**
 * How much a loss is enlarged before backward, so that small gradients survive half precision.
 *
 * @param initScale the factor at first, above 0; the factor of all updates unless dynamic
 * @param dynamic whether the factor adapts: down after gradients that are not finite, up after a
 *     run of updates that were
 * @param growthFactor what a grown factor is multiplied by, above 1
 * @param backoffFactor what a shrunk factor is multiplied by, between 0 and 1
 * @param growthInterval finite updates in a row before it grows, 1 or more
 */
public record LossScaling(
    double initScale,
    boolean dynamic,
    double growthFactor,
    double backoffFactor,
    int growthInterval) {
  /** The fixed factor that MMCV uses unless told. */
  public static final double DEFAULT_FIXED = 512;

  /** What adapts unless told otherwise: 65536, doubled after 2000 finite updates, halved else. */
  public static final LossScaling DYNAMIC = dynamic(65536, 2, 0.5, 2000);

  /** Rejects factors that would not grow, shrink or scale. */
  public LossScaling {
    require(initScale > 0 && Double.isFinite(initScale), "init_scale", "above 0", initScale);
    require(
        growthFactor > 1 && Double.isFinite(growthFactor),
        "growth_factor",
        "above 1",
        growthFactor);
    require(
        backoffFactor > 0 && backoffFactor < 1, "backoff_factor", "between 0 and 1", backoffFactor);
    require(growthInterval >= 1, "growth_interval", "1 or more", growthInterval);
  }

  /** A factor that never changes. */
  public static LossScaling fixed(double scale) {
    return new LossScaling(scale, false, 2, 0.5, 2000);
  }

  /** A factor that adapts. */
  public static LossScaling dynamic(
      double initScale, double growthFactor, double backoffFactor, int growthInterval) {
    return new LossScaling(initScale, true, growthFactor, backoffFactor, growthInterval);
  }

  private static void require(boolean condition, String name, String expected, double seen) {
    if (!condition) {
      throw new IllegalArgumentException(
          "loss_scale." + name + " must be " + expected + ", got " + seen);
    }
  }
}
