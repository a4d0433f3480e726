package org.djlrunner.metric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
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
 * not reported. The history is bounded; what falls out unread is released.
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

  private final int capacity;
  private final Map<String, Deque<Entry>> history = new LinkedHashMap<>();
  private long step;
  private final Deque<Cell> pending = new ArrayDeque<>();

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
    forgetBefore(step - capacity + 1);
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
    values.forEach(
        (name, value) -> {
          Entry entry =
              value instanceof Scalar.Ratio ratio
                  ? new Entry(step, cell(ratio.part()), 1, cell(ratio.whole()))
                  : new Entry(step, cell(value), count, new Cell(step, Scalar.of(count)));
          history.computeIfAbsent(name, n -> new ArrayDeque<>()).add(entry);
        });
  }

  private Cell cell(Scalar scalar) {
    Cell cell = new Cell(step, scalar);
    if (scalar instanceof Scalar.Deferred) {
      pending.add(cell);
    }
    return cell;
  }

  /** Records one value of the present step with weight 1. */
  public void update(String name, double value) {
    update(Map.of(name, Scalar.of(value)), 1);
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
    Map<String, Double> means = new LinkedHashMap<>();
    history.forEach(
        (name, entries) -> {
          double sum = 0;
          double weight = 0;
          Iterator<Entry> newestFirst = entries.descendingIterator();
          while (newestFirst.hasNext()) {
            Entry entry = newestFirst.next();
            if (entry.step <= step - steps) {
              break;
            }
            sum += entry.value.host() * entry.count;
            weight += entry.weight.host();
          }
          if (weight > 0) {
            means.put(name, sum / weight);
          }
        });
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
    return history.entrySet().stream()
        .filter(named -> names.test(named.getKey()))
        .flatMap(
            named ->
                named.getValue().stream()
                    .filter(e -> e.step >= fromStep && !Double.isFinite(e.value.host()))
                    .limit(1)
                    .map(e -> new NonFiniteValue(e.step, named.getKey(), e.value.host())))
        .min(Comparator.comparingLong(NonFiniteValue::step));
  }

  /** Forgets the history, releasing what was never read. */
  public void clear() {
    forgetBefore(Long.MAX_VALUE);
    history.clear();
  }

  @Override
  public void close() {
    clear();
  }

  private void forgetBefore(long oldest) {
    for (Deque<Entry> entries : history.values()) {
      while (!entries.isEmpty() && entries.getFirst().step < oldest) {
        entries.removeFirst();
      }
    }
    List<Cell> unread = new ArrayList<>();
    while (!pending.isEmpty() && pending.getFirst().step < oldest) {
      unread.add(pending.removeFirst());
    }
    bySource(unread)
        .forEach((source, cells) -> source.release(cells.stream().map(Cell::deferred).toList()));
  }

  private void readPending() {
    Map<Scalar.Source, List<Cell>> unread = bySource(pending);
    pending.clear();
    unread.forEach(
        (source, cells) -> {
          double[] values = source.read(cells.stream().map(Cell::deferred).toList());
          for (int i = 0; i < values.length; i++) {
            cells.get(i).scalar = Scalar.of(values[i]);
          }
        });
  }

  private static Map<Scalar.Source, List<Cell>> bySource(Collection<Cell> cells) {
    Map<Scalar.Source, List<Cell>> sources = new LinkedHashMap<>();
    for (Cell cell : cells) {
      sources.computeIfAbsent(cell.deferred().source(), s -> new ArrayList<>()).add(cell);
    }
    return sources;
  }

  /**
   * One update of a name.
   *
   * @param count factor of the value in a sum
   * @param weight what the sum is divided by, added up
   */
  private record Entry(long step, Cell value, int count, Cell weight) {}

  /** A number of a step, replaced once it is read. */
  private static final class Cell {
    private final long step;
    private Scalar scalar;

    Cell(long step, Scalar scalar) {
      this.step = step;
      this.scalar = scalar;
    }

    double host() {
      return ((Scalar.Host) scalar).value();
    }

    Scalar.Deferred deferred() {
      return (Scalar.Deferred) scalar;
    }
  }
}
