package org.djlrunner.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Contestants that train the same network in turns.
 *
 * <p>One that fails, such as for want of memory, is closed and left out with the reason, and the
 * others go on.
 */
final class Contest implements AutoCloseable {
  /** Opens a contestant. */
  interface Entry {
    Contestant open() throws Exception;
  }

  private final String model;
  private final boolean gpu;
  private final Consumer<String> report;
  private final Map<String, Contestant> field = new LinkedHashMap<>();
  private final Map<String, Turn> turns = new LinkedHashMap<>();
  private final Map<String, LongStream.Builder> times = new LinkedHashMap<>();

  /**
   * One without contestants.
   *
   * @param model the network's label
   * @param gpu whether they train on a GPU
   * @param report receives the losses, and who is left out
   */
  Contest(String model, boolean gpu, Consumer<String> report) {
    this.model = model;
    this.gpu = gpu;
    this.report = report;
  }

  /** Opens a contestant. */
  void enter(String name, Entry entry) {
    try {
      field.put(name, entry.open());
    } catch (Exception e) {
      leaveOut(name, e);
    }
  }

  /**
   * Warms all up, then lets them train in turns.
   *
   * @param seconds how long; each has one turn at least
   * @return the median of an iteration's times in milliseconds, of those that did not fail
   */
  Map<String, Double> measure(double seconds) {
    long slowest = warmUp();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      for (String name : List.copyOf(turns.keySet())) {
        takeTurn(name, slowest);
      }
    } while (!turns.isEmpty() && System.nanoTime() < end);
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach((name, all) -> medians.put(name, Turn.median(all.build().toArray())));
    return medians;
  }

  /** The time of an iteration of the slowest, in nanoseconds. */
  private long warmUp() {
    long slowest = 1;
    for (Map.Entry<String, Contestant> entry : List.copyOf(field.entrySet())) {
      String name = entry.getKey();
      try {
        Turn turn = new Turn(entry.getValue(), gpu);
        report.accept(
            String.format("%s %s loss after warm-up %.4f", model, name, entry.getValue().loss()));
        slowest = Math.max(slowest, turn.estimate());
        turns.put(name, turn);
        times.put(name, LongStream.builder());
      } catch (Exception e) {
        leaveOut(name, e);
      }
    }
    return slowest;
  }

  private void takeTurn(String name, long slowest) {
    try {
      long[] nanos = Objects.requireNonNull(turns.get(name)).take(slowest);
      Arrays.stream(nanos).forEach(Objects.requireNonNull(times.get(name)));
    } catch (Exception e) {
      leaveOut(name, e);
    }
  }

  /** Its memory goes back at once: the others may be short of it too. */
  private void leaveOut(String name, Exception reason) {
    turns.remove(name);
    times.remove(name);
    Contestant contestant = field.remove(name);
    try {
      if (contestant != null) {
        contestant.close();
      }
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
    // libtorch's messages go on with its call stack.
    String why = reason.toString().lines().findFirst().orElse("");
    report.accept(String.format("%s %s left out: %s", model, name, why));
  }

  @Override
  public void close() {
    field.values().forEach(Contestant::close);
  }
}
