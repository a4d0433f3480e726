package org.djlrunner.schedule;

/** How a value goes from one to another. */
public enum Annealing {
  /** Along half a cosine wave: slowly, fast, slowly. */
  COS {
    @Override
    double between(double start, double end, double fraction) {
      return cosine(start, end, fraction, 1);
    }
  },
  /** By equal amounts. */
  LINEAR {
    @Override
    double between(double start, double end, double fraction) {
      return start + (end - start) * fraction;
    }
  };

  /** The value on the way, {@code start} at fraction 0 and {@code end} at 1. */
  abstract double between(double start, double end, double fraction);

  /** Half a cosine wave whose height above {@code end} is weighted. */
  static double cosine(double start, double end, double fraction, double weight) {
    return end + 0.5 * weight * (start - end) * (Math.cos(Math.PI * fraction) + 1);
  }
}
