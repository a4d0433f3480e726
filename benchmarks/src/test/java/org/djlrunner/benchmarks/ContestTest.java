package org.djlrunner.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final int NEVER = Integer.MAX_VALUE;

  /** Warm-up is two calls; the first turn is the third. */
  private static final int WARM_UP = 2;

  private final List<String> report = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();

  /** Takes 2 ms an iteration, and fails when it is told to train once too often. */
  private final class Pretender implements Contestant {
    private final String name;
    private int left;

    Pretender(String name, int calls) {
      this.name = name;
      left = calls;
    }

    @Override
    public void train(long[] nanos) {
      if (left-- == 0) {
        throw new IllegalStateException("out of memory\n  at libtorch");
      }
      Arrays.fill(nanos, 2_000_000);
    }

    @Override
    public void await() {}

    @Override
    public double loss() {
      return 0.5;
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }

  @Test
  @DisplayName("a peer that fails is closed and left out with the reason, the others are measured")
  void failures() {
    try (Contest contest = new Contest("lenet5", false, report::add)) {
      contest.enter("GOOD", () -> new Pretender("GOOD", NEVER));
      contest.enter(
          "CLOSED",
          () -> {
            throw new UnsupportedOperationException("no bf16 here");
          });
      contest.enter("COLD", () -> new Pretender("COLD", 0));
      contest.enter("LATE", () -> new Pretender("LATE", WARM_UP));
      contest.enter("TOO", () -> new Pretender("TOO", NEVER));
      assertThat(contest.measure(0)).containsOnlyKeys("GOOD", "TOO").containsEntry("GOOD", 2.0);
      assertThat(closed).containsExactly("COLD", "LATE");
    }
    assertThat(closed).containsExactly("COLD", "LATE", "GOOD", "TOO");
    assertThat(report)
        .containsExactly(
            "lenet5 CLOSED left out: java.lang.UnsupportedOperationException: no bf16 here",
            "lenet5 GOOD loss after warm-up 0.5000",
            "lenet5 COLD left out: java.lang.IllegalStateException: out of memory",
            "lenet5 LATE loss after warm-up 0.5000",
            "lenet5 TOO loss after warm-up 0.5000",
            "lenet5 LATE left out: java.lang.IllegalStateException: out of memory");
  }

  @Test
  @DisplayName("where all fail there are no figures, and that ends at once")
  void allFail() {
    try (Contest contest = new Contest("lenet5", true, report::add)) {
      contest.enter("COLD", () -> new Pretender("COLD", 0));
      assertThat(contest.measure(3600)).isEmpty();
    }
  }
}
