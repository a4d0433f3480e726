package org.djlrunner.djl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Compares numbers, also those that are not finite. */
public final class Close {
  private Close() {}

  /** Asserts equality up to a relative tolerance, and as much absolute near 0. */
  public static void assertAll(
      List<Float> actual, List<Float> expected, double tolerance, String what) {
    assertThat(actual)
        .as(what)
        .usingElementComparator(
            (a, b) ->
                Math.abs(a - b) <= tolerance * Math.max(0.1, Math.abs(b)) ? 0 : Float.compare(a, b))
        .isEqualTo(expected);
  }
}
