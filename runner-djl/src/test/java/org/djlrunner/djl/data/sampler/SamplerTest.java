package org.djlrunner.djl.data.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The orders of samplers, against numbers worked out by hand or by another program. */
class SamplerTest {
  /** Six samples of class 0, two of class 1, one of class 2. */
  private static int label(int index) {
    if (index < 6) {
      return 0;
    }
    return index < 8 ? 1 : 2;
  }

  static Stream<Sampler> all() {
    Replica second = new Replica(1, 3);
    return Stream.of(
        new SequentialSampler(9),
        new RandomSampler(9, 3),
        new DistributedSampler(10, true, 3, second, Remainder.PAD),
        new ClassBalancedSampler(9, SamplerTest::label, 1, second, 2),
        new RepeatAugSampler(20, true, 3, second, 3, 4, 0),
        new InfiniteSampler(10, true, 3, second, 4),
        new ShardSampler(23, 3, 5, 8));
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName("Z01 the order of a pass is the same whenever and how often it is asked for")
  void pure(Sampler sampler) {
    int[] first = sampler.order(5);
    sampler.order(0);
    sampler.order(6);

    assertThat(sampler.order(5)).isEqualTo(first).hasSize(sampler.size());
    assertThat(sampler.order(5)).isNotSameAs(first);
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName("Z02 a pass entered at a position goes on as if it had been walked there")
  void jump(Sampler sampler) {
    for (int k = 0; k <= sampler.size(); k++) {
      int[] whole = sampler.order(2);
      assertThat(sampler.order(2, k)).isEqualTo(Arrays.copyOfRange(whole, k, whole.length));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, '3 0 4 5 7 8 2 1 6 9'",
    "0, 1, '1 3 9 6 8 2 7 0 5 4'",
    "3, 0, '2 7 3 6 8 0 1 5 9 4'",
    "3, 4, '6 0 2 3 8 1 7 4 9 5'"
  })
  @DisplayName("Z01 shuffled orders stay what they are, so recorded runs do")
  void pinned(long seed, int pass, String order) {
    assertThat(new RandomSampler(10, seed).order(pass)).isEqualTo(numbers(order));
    Sampler alone = new DistributedSampler(10, true, seed, Replica.SINGLE, Remainder.PAD);
    assertThat(alone.order(pass)).isEqualTo(numbers(order));
  }

  /** What PyTorch's DistributedSampler gives without shuffling; its code was followed by hand. */
  @ParameterizedTest
  @CsvSource({
    "10, 3, PAD,    '0 3 6 9 | 1 4 7 0 | 2 5 8 1'",
    "10, 3, DROP,   '0 3 6 | 1 4 7 | 2 5 8'",
    "10, 3, UNEVEN, '0 3 6 9 | 1 4 7 | 2 5 8'",
    "9,  3, PAD,    '0 3 6 | 1 4 7 | 2 5 8'",
    "9,  3, DROP,   '0 3 6 | 1 4 7 | 2 5 8'",
    "2,  5, PAD,    '0 | 1 | 0 | 1 | 0'",
    "1,  4, PAD,    '0 | 0 | 0 | 0'",
    "7,  4, DROP,   '0 | 1 | 2 | 3'"
  })
  @DisplayName("Z03 shares are PyTorch's: every n-th sample, padded from the start, or cut off")
  void shares(int samples, int processes, Remainder remainder, String shares) {
    List<int[]> expected = Stream.of(shares.split("\\|")).map(SamplerTest::numbers).toList();
    for (int rank = 0; rank < processes; rank++) {
      Sampler sampler =
          new DistributedSampler(samples, false, 0, new Replica(rank, processes), remainder);
      assertThat(sampler.order(3)).as("rank %d", rank).isEqualTo(expected.get(rank));
    }
  }

  @Test
  @DisplayName("Z03 the shares of a shuffled pass are parts of one order")
  void sharedOrder() {
    int[] order = new RandomSampler(11, 8).order(2);
    for (int rank = 0; rank < 4; rank++) {
      int from = rank;
      assertThat(new DistributedSampler(11, true, 8, new Replica(rank, 4), Remainder.PAD).order(2))
          .isEqualTo(IntStream.range(0, 3).map(i -> order[(from + 4 * i) % 11]).toArray());
    }
  }

  @Test
  @DisplayName("Z03 a rank that there is not and a share of nothing are refused")
  void refused() {
    assertThatThrownBy(() -> new Replica(2, 2)).hasMessage("rank must be 0 to 1, got 2");
    assertThatThrownBy(() -> new Replica(0, 0)).hasMessageContaining("num_replicas");
    assertThatThrownBy(() -> new DistributedSampler(3, true, 0, new Replica(1, 4), Remainder.DROP))
        .hasMessage("3 samples shared by 4 processes leave none for rank 1");
  }

  @Test
  @DisplayName("Z04 classes come equally often, small ones again and again")
  void balanced() {
    Sampler sampler = new ClassBalancedSampler(9, SamplerTest::label, 1, Replica.SINGLE, 1);

    assertThat(sampler.order(0)).containsExactly(8, 4, 7, 6, 8, 1, 0, 6, 8);
    assertThat(sampler.order(1)).containsExactly(4, 8, 7, 6, 0, 8, 8, 6, 5);
    for (int pass = 0; pass < 20; pass++) {
      int[] counts = new int[3];
      IntStream.of(sampler.order(pass)).map(SamplerTest::label).forEach(label -> counts[label]++);
      assertThat(counts).containsExactly(3, 3, 3);
    }
  }

  @Test
  @DisplayName("Z04 of a class all samples come before one comes again, and absent classes never")
  void rounds() {
    int[] order =
        new ClassBalancedSampler(100, i -> i % 2 == 0 ? 0 : 5, 4, Replica.SINGLE, 1).order(0);

    assertThat(IntStream.of(order).distinct().count()).isEqualTo(100);
  }

  @Test
  @DisplayName("Z05 repeated augmentation gives the processes the same sample in one step")
  void repeated() {
    assertThat(repeated(0, 2, 0)).containsExactly(0, 0);
    assertThat(repeated(1, 2, 0)).containsExactly(0, 1);
    assertThat(repeated(0, 2, 1)).containsExactly(0, 0, 1, 2);
    assertThat(repeated(0, 1, 0)).containsExactly(0, 0, 0, 1);
    // 1000 / 256 * 256 / 2
    assertThat(new RepeatAugSampler(1000, true, 0, new Replica(0, 2), 3, 256, 0).size())
        .isEqualTo(384);
    assertThatThrownBy(() -> new RepeatAugSampler(100, true, 0, Replica.SINGLE, 3, 256, 0))
        .hasMessageContaining("selected_round is 256, more than the 100 samples");
  }

  @Test
  @DisplayName("Z05 visits to a sample are told apart, those of repeated augmentation on all ranks")
  void visits() {
    assertThat(visits(new RepeatAugSampler(4, false, 0, new Replica(0, 2), 3, 0, 1)))
        .containsExactly(0, 2, 1, 0);
    assertThat(visits(new RepeatAugSampler(4, false, 0, new Replica(1, 2), 3, 0, 1)))
        .containsExactly(1, 0, 2, 1);
    assertThat(visits(new InfiniteSampler(3, false, 0, Replica.SINGLE, 8)))
        .containsExactly(0, 0, 0, 1, 1, 1, 2, 2);
    assertThat(visits(new SequentialSampler(3))).containsExactly(0, 0, 0);
  }

  static Stream<Function<Replica, Sampler>> shared() {
    return Stream.of(
        on -> new DistributedSampler(7, true, 3, on, Remainder.PAD),
        on -> new ClassBalancedSampler(9, i -> i / 7, 1, on, 1),
        on -> new RepeatAugSampler(20, true, 3, on, 3, 4, 1),
        on -> new InfiniteSampler(5, true, 3, on, 4));
  }

  @ParameterizedTest
  @MethodSource("shared")
  @DisplayName("Z05 no two visits of a pass to a sample are the same, on whatever ranks")
  void differentVisits(Function<Replica, Sampler> made) {
    for (int pass = 0; pass < 3; pass++) {
      List<List<Integer>> seen = new ArrayList<>();
      for (int rank = 0; rank < 3; rank++) {
        Sampler sampler = made.apply(new Replica(rank, 3));
        int[] order = sampler.order(pass);
        int[] visits = sampler.visits(pass, order);
        for (int i = 0; i < order.length; i++) {
          seen.add(List.of(order[i], visits[i]));
        }
      }
      assertThat(seen).doesNotHaveDuplicates();
      // Some samples do come again.
      assertThat(seen).anyMatch(visit -> visit.get(1) > 0);
    }
  }

  private static int[] visits(Sampler sampler) {
    return sampler.visits(0, sampler.order(0));
  }

  private static int[] repeated(int rank, int processes, int ratio) {
    return new RepeatAugSampler(4, false, 0, new Replica(rank, processes), 3, 0, ratio).order(0);
  }

  @Test
  @DisplayName("Z06 an endless stream has full batches, and each round every sample once")
  void infinite() {
    Sampler sampler = new InfiniteSampler(5, true, 7, Replica.SINGLE, 4);

    assertThat(sampler.order(0)).containsExactly(2, 0, 3, 1, 4, 1, 4, 0);
    assertThat(sampler.order(1)).containsExactly(3, 2, 3, 1, 2, 0, 4, 1);
    assertThat(new InfiniteSampler(5, true, 7, new Replica(1, 2), 4).order(0))
        .containsExactly(0, 1, 1, 0);
    int[] stream =
        IntStream.range(0, 25).flatMap(pass -> IntStream.of(sampler.order(pass))).toArray();
    for (int round = 0; round < stream.length / 5; round++) {
      assertThat(Arrays.copyOfRange(stream, round * 5, round * 5 + 5))
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }
  }

  @Test
  @DisplayName("Z07 a shard sampler visits every sample once, a window's pieces at a time")
  void shards() {
    // Pieces of three in the order 3-5, 9, 6-8, 0-2; windows of four.
    assertThat(new ShardSampler(10, 6, 3, 4).order(0))
        .containsExactly(3, 4, 5, 9, 6, 7, 0, 8, 2, 1);

    int[] order = new ShardSampler(10_000, 1, 100, 500).order(3);

    assertThat(order).doesNotHaveDuplicates().hasSize(10_000);
    assertThat(Arrays.equals(order, IntStream.range(0, 10_000).toArray())).isFalse();
    for (int from = 0; from < order.length; from += 500) {
      assertThat(IntStream.range(from, from + 500).map(i -> order[i] / 100).distinct().count())
          .isEqualTo(5);
    }
  }

  private static int[] numbers(String text) {
    return Stream.of(text.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
  }
}
