package org.djlrunner.benchmarks;

import java.util.Arrays;

/**
 * One contestant's turns of training, and what an iteration takes in them.
 *
 * <p>A host that trains on a CPU is timed iteration by iteration, so that a disturbance spoils one
 * number of many. One that trains on a GPU runs ahead of it: there only the time between two waits
 * for the device means something, and a turn gives one number, its mean.
 */
final class Turn {
  private static final int WARM_UP = 3;
  private static final double GPU_SECONDS = 1.5;
  private static final double CPU_SECONDS = 0.2;

  private final Contestant contestant;
  private final boolean gpu;

  /** What an iteration took when all was warm, in nanoseconds. */
  private final long estimate;

  /** Warms a contestant up: memory, choice of algorithms, compilation. */
  Turn(Contestant contestant, boolean gpu) throws Exception {
    this.contestant = contestant;
    this.gpu = gpu;
    contestant.train(new long[WARM_UP]);
    contestant.await();
    long start = System.nanoTime();
    contestant.train(new long[WARM_UP]);
    contestant.await();
    estimate = Math.max(1, (System.nanoTime() - start) / WARM_UP);
  }

  /** What an iteration took when all was warm, in nanoseconds. */
  long estimate() {
    return estimate;
  }

  /**
   * Trains one turn.
   *
   * @param slowest the estimate of the slowest contestant: on a CPU all train as many iterations
   * @return nanoseconds of iterations
   */
  long[] take(long slowest) throws Exception {
    if (!gpu) {
      long[] nanos = new long[iterations(CPU_SECONDS, slowest, 1, 50)];
      contestant.train(nanos);
      return nanos;
    }
    // Long enough that the pipeline's filling at the start doesn't show.
    long[] nanos = new long[iterations(GPU_SECONDS, estimate, 10, 200)];
    contestant.await();
    long start = System.nanoTime();
    contestant.train(nanos);
    contestant.await();
    return new long[] {(System.nanoTime() - start) / nanos.length};
  }

  /** The median of a list of times, in milliseconds. */
  static double median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2e6;
  }

  private static int iterations(double seconds, long each, int least, int most) {
    return (int) Math.max(least, Math.min(most, seconds * 1e9 / each));
  }
}
