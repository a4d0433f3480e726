package org.djlrunner.schedule;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The base times {@code gamma^k}, with k the number of steps behind.
 *
 * @param steps either the ends of the plateaus, each above 0, or a single period that repeats
 *     without end if {@code periodic}
 * @param periodic whether {@code steps} holds a period instead of ends
 * @param gamma factor of each step; MMCV's default is 0.1, for momentum 0.5
 * @param least lower bound, null for none
 */
public record Step(List<Integer> steps, boolean periodic, double gamma, @Nullable Double least)
    implements LrPolicy, MomentumPolicy {
  /** Rejects steps that are not above 0. */
  public Step {
    steps = List.copyOf(steps);
    if (periodic && steps.size() != 1) {
      throw new IllegalArgumentException("a periodic step policy has one period, got " + steps);
    }
    if (steps.stream().anyMatch(step -> step <= 0)) {
      throw new IllegalArgumentException("step must be above 0, got " + steps);
    }
  }

  /** Multiplies by 0.1 at each of these epochs or iterations. */
  public static Step at(Integer... steps) {
    return new Step(List.of(steps), false, 0.1, null);
  }

  /** Multiplies by {@code gamma} every {@code period} epochs or iterations. */
  public static Step every(int period, double gamma) {
    return new Step(List.of(period), true, gamma, null);
  }

  @Override
  public List<Curve> curves(GroupBases groups) {
    int[] ends = steps.stream().mapToInt(Integer::intValue).toArray();
    double[] factors = IntStream.rangeClosed(0, ends.length).mapToDouble(this::factor).toArray();
    double floor = least == null ? Double.NEGATIVE_INFINITY : least;
    return groups.scaled(
        (base, at) -> {
          double factor =
              periodic ? factor(at.done() / ends[0]) : factors[endsBehind(ends, at.done())];
          double value = base * factor;
          return value < floor ? floor : value;
        });
  }

  private double factor(int stepsBehind) {
    return Math.pow(gamma, stepsBehind);
  }

  /** MMCV stops at the first end not yet reached, also when the list is not ascending. */
  private static int endsBehind(int[] ends, int done) {
    int behind = 0;
    while (behind < ends.length && done >= ends[behind]) {
      behind++;
    }
    return behind;
  }
}
