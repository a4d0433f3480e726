package org.djlrunner.metric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The recent history of logged scalars, averaged over windows of steps.
 *
 * <p>Values on a device stay there until an average needs them; then all that are pending come over
 * in one copy. A window is a number of steps, not of entries: a name that was not updated in it is
 * not reported. The history is bounded; what falls out unread is released, and so is what can't be
 * read: the failure is thrown once, and later averages go without those values.
 *
 * <p>Not thread-safe: it belongs to the runner's thread.
 */
public final class LogBuffer implements AutoCloseable {
  /** Steps remembered unless said otherwise. */
  public static final int DEFAULT_CAPACITY = 10_000;

  /**
   * Scalars left on a device before they are read although nobody asked, so that a run without a
   * logger holds a bounded number of them.
   */
  private static final int MAX_PENDING = 2_000;

  /** A number that was still on a device when it was recorded: an entry's value, or its weight. */
  private record Pending(
      Series series, long number, boolean isWeight, long step, Scalar.Deferred scalar) {
    void forget() {
      series.weighNothing(number);
    }

    void set(double read) {
      if (isWeight) {
        series.setWeight(number, read);
      } else {
        series.setValue(number, read);
      }
    }
  }

  private final int capacity;
  private final Map<String, Series> byName = new HashMap<>();
  private final List<Series> history = new ArrayList<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private long step;

  /** Where in the history the next update is looked for first. */
  private int next;

  /** A buffer that remembers {@link #DEFAULT_CAPACITY} steps. */
  public LogBuffer() {
    this(DEFAULT_CAPACITY);
  }

  /** A buffer that remembers the last {@code capacity} steps, 1 or more. */
  public LogBuffer(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, got " + capacity);
    }
    this.capacity = capacity;
  }

  /** Begins a step; the updates that follow belong to it. */
  public void nextStep() {
    step++;
    next = 0;
    releaseBefore(oldest());
    if (pending.size() > MAX_PENDING) {
      readPending();
    }
  }

  /** The number of steps begun so far; {@link #clear} does not reset it. */
  public long step() {
    return step;
  }

  /**
   * Records values of the present step and takes ownership of those on a device.
   *
   * @param values value by name
   * @param count the samples they stand for, their weight in an average; ratios weigh by their
   *     wholes instead
   */
  public void update(Map<String, Scalar> values, int count) {
    for (Map.Entry<String, Scalar> named : values.entrySet()) {
      update(named.getKey(), named.getValue(), count);
    }
  }

  /** Records one value of the present step with weight 1. */
  public void update(String name, double value) {
    series(name).add(step, value, 1, 1, oldest());
  }

  /**
   * Records a ratio at hand of the present step, such as samples by seconds: an average is that of
   * their sums.
   */
  public void update(String name, double part, double whole) {
    series(name).add(step, part, 1, whole, oldest());
  }

  private void update(String name, Scalar value, int count) {
    Series series = series(name);
    // The kind that is one class comes first: asking whether it is of an open kind takes longer.
    if (value instanceof Scalar.Host host) {
      series.add(step, host.value(), count, count, oldest());
    } else if (value instanceof Scalar.Ratio ratio) {
      long number = series.add(step, atHand(ratio.part()), 1, atHand(ratio.whole()), oldest());
      await(series, number, false, ratio.part());
      await(series, number, true, ratio.whole());
    } else {
      await(series, series.add(step, Double.NaN, count, count, oldest()), false, value);
    }
  }

  /** A number, or as long as it is on a device none. */
  private static double atHand(Scalar scalar) {
    return scalar instanceof Scalar.Host host ? host.value() : Double.NaN;
  }

  private void await(Series series, long number, boolean isWeight, Scalar scalar) {
    if (scalar instanceof Scalar.Deferred deferred) {
      pending.add(new Pending(series, number, isWeight, step, deferred));
    }
  }

  /** Steps record the same names in the same order, so mostly the next series is the one meant. */
  private Series series(String name) {
    if (next < history.size()) {
      Series expected = history.get(next);
      if (expected.name().equals(name)) {
        next++;
        return expected;
      }
    }
    Series series = byName.get(name);
    if (series == null) {
      series = new Series(name);
      byName.put(name, series);
      history.add(series);
    }
    next = history.indexOf(series) + 1;
    return series;
  }

  /**
   * The weighted means of everything recorded in the last {@code steps} steps, by name, in the
   * order of first appearance.
   *
   * @param steps window length, at least 1
   */
  public Map<String, Double> average(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a window has at least 1 step, got " + steps);
    }
    readPending();
    forget();
    Map<String, Double> means = new LinkedHashMap<>();
    for (Series series : history) {
      Series.Sum sum = series.sumAfter(step - steps);
      if (sum.weight() > 0) {
        means.put(series.name(), sum.values() / sum.weight());
      }
    }
    return means;
  }

  /** The weighted means of everything remembered. */
  public Map<String, Double> average() {
    return average(Long.MAX_VALUE / 2);
  }

  /**
   * A value that is NaN or infinite.
   *
   * @param step the step that recorded it, as {@link #step} counts
   * @param name its name
   * @param value the value
   */
  public record NonFiniteValue(long step, String name, double value) {}

  /**
   * The earliest value of certain names that is not finite; reads what is still on a device.
   *
   * @param names which names to look at
   * @param fromStep the step to begin with
   */
  public Optional<NonFiniteValue> firstNonFinite(Predicate<String> names, long fromStep) {
    readPending();
    forget();
    return history.stream()
        .filter(series -> names.test(series.name()))
        .flatMap(series -> firstNonFinite(series, fromStep).stream())
        .min(Comparator.comparingLong(NonFiniteValue::step));
  }

  private static Optional<NonFiniteValue> firstNonFinite(Series series, long fromStep) {
    for (long n = series.first(); n < series.end(); n++) {
      if (series.step(n) >= fromStep && !Double.isFinite(series.value(n))) {
        return Optional.of(new NonFiniteValue(series.step(n), series.name(), series.value(n)));
      }
    }
    return Optional.empty();
  }

  /** All that is remembered, as JSON-like data for a checkpoint; reads what is on a device. */
  public Map<String, Object> state() {
    readPending();
    forget();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("step", step);
    state.put("series", history.stream().map(Series::state).toList());
    return state;
  }

  /**
   * Goes on from a {@link #state}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public void restore(Map<?, ?> state) {
    if (!(state.get("step") instanceof Number steps)
        || !(state.get("series") instanceof List<?> list)) {
      throw new IllegalArgumentException("log windows need a step and a list of series");
    }
    clear();
    step = steps.longValue();
    for (Object entry : list) {
      Series series = Series.of(entry instanceof Map<?, ?> map ? map : Map.of());
      byName.put(series.name(), series);
      history.add(series);
    }
  }

  /** Forgets the history, releasing what was never read. */
  public void clear() {
    releaseBefore(Long.MAX_VALUE);
    history.clear();
    byName.clear();
    next = 0;
  }

  @Override
  public void close() {
    clear();
  }

  /** The first step that is remembered. */
  private long oldest() {
    return step - capacity + 1;
  }

  /** Done before reading; in between, entries too old just wait to be overwritten. */
  private void forget() {
    history.forEach(series -> series.forgetBefore(oldest()));
  }

  private void releaseBefore(long oldest) {
    if (pending.isEmpty() || pending.getFirst().step() >= oldest) {
      return;
    }
    List<Pending> unread = new ArrayList<>();
    while (!pending.isEmpty() && pending.getFirst().step() < oldest) {
      unread.add(pending.removeFirst());
    }
    bySource(unread).forEach((source, group) -> source.release(scalars(group)));
  }

  private void readPending() {
    bySource(pending).forEach(this::read);
  }

  /** Reads what is pending of a source; if that fails, it is as if it had not been recorded. */
  private void read(Scalar.Source source, List<Pending> group) {
    pending.removeIf(entry -> entry.scalar().source().equals(source));
    try {
      double[] values = source.read(scalars(group));
      for (int i = 0; i < values.length; i++) {
        group.get(i).set(values[i]);
      }
    } catch (RuntimeException | Error e) {
      group.forEach(Pending::forget);
      source.release(scalars(group));
      throw e;
    }
  }

  private static Map<Scalar.Source, List<Pending>> bySource(Collection<Pending> entries) {
    Map<Scalar.Source, List<Pending>> sources = new LinkedHashMap<>();
    for (Pending entry : entries) {
      sources.computeIfAbsent(entry.scalar().source(), s -> new ArrayList<>()).add(entry);
    }
    return sources;
  }

  private static List<Scalar.Deferred> scalars(List<Pending> group) {
    return group.stream().map(Pending::scalar).toList();
  }
}
