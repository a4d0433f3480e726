package org.djlrunner.metric;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.djlrunner.testkit.FakeDevice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogBufferTest {
  private final LogBuffer buffer = new LogBuffer(5);
  private final FakeDevice device = new FakeDevice();

  private void step(String name, double value, int count) {
    buffer.nextStep();
    buffer.update(Map.of(name, device.scalar(value)), count);
  }

  @Test
  @DisplayName("L01 means are weighted by samples: 1 (count 1) and 3 (count 3) make 2.5")
  void weighted() {
    step("loss", 1, 1);
    step("loss", 3, 3);
    assertThat(buffer.average()).containsExactly(entry("loss", 2.5));
  }

  @Test
  @DisplayName("L01 a window is a number of steps: what is older is not in it, nor its names")
  void window() {
    step("rare", 7, 1);
    step("loss", 1, 1);
    step("loss", 2, 1);
    assertThat(buffer.average(2)).containsExactly(entry("loss", 1.5));
    assertThat(buffer.average(1)).containsExactly(entry("loss", 2.0));
    assertThat(buffer.average(3)).containsOnlyKeys("rare", "loss");
    assertThatThrownBy(() -> buffer.average(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("L01 values of one step and name are averaged, as several optimizers' are")
  void severalInAStep() {
    buffer.nextStep();
    buffer.update("grad_norm", 1);
    buffer.update("grad_norm", 2);
    assertThat(buffer.average(1)).containsExactly(entry("grad_norm", 1.5));
  }

  @Test
  @DisplayName("L01 a history that grows and forgets averages as one that keeps all")
  void against() {
    LogBuffer ring = new LogBuffer(100);
    SplittableRandom random = new SplittableRandom(3);
    List<Map<String, List<Double>>> all = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      ring.nextStep();
      Map<String, List<Double>> updates = new HashMap<>();
      // Names come and go and change their order; later on there are more of each in a step.
      for (int i = random.nextInt(1 + step / 100); i >= 0; i--) {
        String name = "name" + random.nextInt(4);
        double value = random.nextInt(1_000);
        ring.update(name, value);
        updates.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
      all.add(updates);
      int window = 1 + random.nextInt(100);
      Map<String, Double> expected =
          all.subList(Math.max(0, all.size() - window), all.size()).stream()
              .flatMap(updated -> updated.entrySet().stream())
              .flatMap(entry -> entry.getValue().stream().map(v -> Map.entry(entry.getKey(), v)))
              .collect(groupingBy(Map.Entry::getKey, averagingDouble(Map.Entry::getValue)));
      assertThat(ring.average(window)).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("L02 all that waits on a device comes over in one copy, once")
  void oneCopy() {
    step("loss", 1, 1);
    step("grad_norm", 2, 1);
    step("loss", 3, 1);
    assertThat(device.copies()).isZero();
    buffer.average(1);
    assertThat(device.copies()).isEqualTo(1);
    assertThat(device.alive()).isZero();
    buffer.average();
    assertThat(device.copies()).isEqualTo(1);
  }

  @Test
  @DisplayName("L03 what falls out of the history is released unread")
  void bounded() {
    for (int i = 0; i < 20; i++) {
      step("loss", i, 1);
    }
    assertThat(device.alive()).isEqualTo(5);
    assertThat(device.copies()).isZero();
    assertThat(buffer.average()).containsExactly(entry("loss", 17.0));
  }

  @Test
  @DisplayName("L03 without a logger the number of scalars on the device stays bounded")
  void boundedWithoutLogger() {
    try (LogBuffer large = new LogBuffer(1_000_000)) {
      for (int i = 0; i < 10_000; i++) {
        large.nextStep();
        large.update(Map.of("loss", device.scalar(1)), 1);
      }
      assertThat(device.alive()).isLessThanOrEqualTo(2_001);
    }
    assertThat(device.alive()).isZero();
  }

  @Test
  @DisplayName("L01 ratios weigh by their wholes: 1 of 1 and 0 of 4 make 0.2, 0 of 0 nothing")
  void ratios() {
    int[][] batches = {{1, 1}, {0, 4}, {0, 0}};
    for (int[] batch : batches) {
      buffer.nextStep();
      Scalar ratio = new Scalar.Ratio(device.scalar(batch[0]), device.scalar(batch[1]));
      buffer.update(Map.of("accuracy", ratio), 4);
    }
    assertThat(buffer.average()).containsExactly(entry("accuracy", 0.2));
    assertThat(buffer.average(1)).isEmpty();
    assertThat(device.copies()).isEqualTo(1);
    assertThat(device.alive()).isZero();
    assertThat(new Scalar.Ratio(Scalar.of(1), Scalar.of(4)).read()).isEqualTo(0.25);
  }

  @Test
  @DisplayName("L03 both numbers of a ratio that nobody reads are released")
  void unreadRatios() {
    buffer.nextStep();
    buffer.update(Map.of("a", new Scalar.Ratio(device.scalar(1), device.scalar(2))), 1);
    new Scalar.Ratio(device.scalar(1), device.scalar(2)).release();
    buffer.clear();
    assertThat(device.alive()).isZero();
  }

  @Test
  @DisplayName("L02 a read that fails surfaces once; its scalars are released, other values stay")
  void failedRead() {
    FakeDevice broken = new FakeDevice();
    step("loss", 1, 1);
    buffer.nextStep();
    Scalar half = new Scalar.Ratio(Scalar.of(1), broken.scalar(2));
    buffer.update(Map.of("grad_norm", broken.scalar(7), "accuracy", half), 1);
    buffer.update("lr", 0.1);
    step("loss", 3, 1);
    broken.breakReads(true);

    assertThatThrownBy(buffer::average).hasMessage("the device is gone");

    assertThat(broken.alive()).isZero();
    assertThat(buffer.average()).containsOnly(entry("loss", 2.0), entry("lr", 0.1));
    assertThat(buffer.firstNonFinite(name -> true, 0)).isEmpty();
    broken.breakReads(false);
    buffer.nextStep();
    buffer.update(Map.of("grad_norm", broken.scalar(5)), 1);
    assertThat(buffer.average(1)).containsExactly(entry("grad_norm", 5.0));
    assertThat(device.alive()).isZero();
    assertThat(broken.alive()).isZero();
  }

  @Test
  @DisplayName("L02 what other devices hold is read after one device failed")
  void failedReadOfTheFirst() {
    FakeDevice broken = new FakeDevice();
    broken.breakReads(true);
    buffer.nextStep();
    buffer.update(Map.of("grad_norm", broken.scalar(7)), 1);
    step("loss", 3, 1);

    assertThatThrownBy(buffer::average).hasMessage("the device is gone");

    assertThat(device.alive()).isEqualTo(1);
    assertThat(buffer.average()).containsExactly(entry("loss", 3.0));
    assertThat(device.alive()).isZero();
  }

  @Test
  @DisplayName("L02 clearing releases what was never read")
  void clear() {
    step("loss", 1, 1);
    buffer.clear();
    assertThat(device.alive()).isZero();
    assertThat(buffer.average()).isEmpty();
  }
}
