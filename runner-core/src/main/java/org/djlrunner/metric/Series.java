package org.djlrunner.metric;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The remembered values of one name, oldest first, in a ring.
 *
 * <p>An entry is a row of four numbers, side by side in one array, so that adding one touches one
 * place in memory; a double holds steps and counts exactly.
 *
 * <p>Entries are numbered from 0 for good, so whoever waits for a value can find it again however
 * much was forgotten or grown in between.
 */
final class Series {
  private static final int FIRST_LENGTH = 16;
  private static final int STEP = 0;
  private static final int COUNT = 1;
  private static final int VALUE = 2;
  private static final int WEIGHT = 3;
  private static final int ROW = 4;
  private static final int ENTRY_BYTES = 2 * Double.BYTES + Long.BYTES + Integer.BYTES;
  private static final int MAX_ENTRIES = Integer.MAX_VALUE / ENTRY_BYTES;

  private final String name;
  private double[] rows = new double[FIRST_LENGTH * ROW];
  private long first;
  private long end;

  Series(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** The number of the oldest entry remembered. */
  long first() {
    return first;
  }

  /** The number that the next entry will have. */
  long end() {
    return end;
  }

  long step(long number) {
    return (long) rows[row(number) + STEP];
  }

  /** What the value is multiplied with in a sum. */
  int count(long number) {
    return (int) rows[row(number) + COUNT];
  }

  /** What the entry adds to that by which a sum is divided. */
  double weight(long number) {
    return rows[row(number) + WEIGHT];
  }

  double value(long number) {
    return rows[row(number) + VALUE];
  }

  /** Sets a value that was not known when its entry was added. */
  void setValue(long number, double value) {
    rows[row(number) + VALUE] = value;
  }

  /** Sets a weight that was not known when its entry was added. */
  void setWeight(long number, double weight) {
    rows[row(number) + WEIGHT] = weight;
  }

  /** Makes an entry whose value nobody will ever know count for nothing. */
  void weighNothing(long number) {
    setValue(number, 0);
    setWeight(number, 0);
  }

  /**
   * Adds an entry and returns its number.
   *
   * @param oldest the step before which entries may be forgotten to make room
   */
  long add(long step, double value, int count, double weight, long oldest) {
    if (isFull()) {
      forgetBefore(oldest);
      if (isFull()) {
        grow();
      }
    }
    int row = row(end);
    rows[row + STEP] = step;
    rows[row + COUNT] = count;
    rows[row + VALUE] = value;
    rows[row + WEIGHT] = weight;
    return end++;
  }

  /** The sum of the values after a step, each times its count, and that of their weights. */
  record Sum(double values, double weight) {}

  /** Adds up the entries after {@code step}, the newest first. */
  Sum sumAfter(long step) {
    double sum = 0;
    double weight = 0;
    for (long number = end - 1; number >= first; number--) {
      int row = row(number);
      if (rows[row + STEP] <= step) {
        break;
      }
      sum += rows[row + VALUE] * rows[row + COUNT];
      weight += rows[row + WEIGHT];
    }
    return new Sum(sum, weight);
  }

  /** Forgets the entries of steps before {@code oldest}. */
  void forgetBefore(long oldest) {
    while (first < end && step(first) < oldest) {
      first++;
    }
  }

  /** What is remembered, as JSON-like data. */
  Map<String, Object> state() {
    int entries = (int) (end - first);
    byte[] packed = new byte[entries * ENTRY_BYTES];
    ByteBuffer numbers = ByteBuffer.wrap(packed);
    for (long n = first; n < end; n++) {
      numbers.putLong(step(n)).putInt(count(n)).putDouble(value(n)).putDouble(weight(n));
    }
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("name", name);
    state.put("entries", entries);
    state.put("packed", PackedNumbers.pack(packed));
    return state;
  }

  /**
   * A series that remembers a {@link #state}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Series of(Map<?, ?> state) {
    if (!(state.get("name") instanceof String name)
        || !(state.get("entries") instanceof Number entries)
        || !(state.get("packed") instanceof String packed)
        || entries.longValue() < 0
        || entries.longValue() > MAX_ENTRIES) {
      throw new IllegalArgumentException("a series needs name, entries and packed numbers");
    }
    Series series = new Series(name);
    ByteBuffer numbers = PackedNumbers.unpack(packed, entries.intValue() * ENTRY_BYTES);
    while (numbers.hasRemaining()) {
      long step = numbers.getLong();
      int count = numbers.getInt();
      series.add(step, numbers.getDouble(), count, numbers.getDouble(), Long.MIN_VALUE);
    }
    return series;
  }

  private boolean isFull() {
    return (end - first) * ROW == rows.length;
  }

  /** Where an entry's row begins; lengths are powers of two. */
  private int row(long number) {
    return (int) number * ROW & (rows.length - 1);
  }

  /** Doubles a full ring: what lies behind its oldest entry moves as one, and what wrapped too. */
  private void grow() {
    double[] larger = new double[rows.length * 2];
    int oldest = row(first);
    int to = (int) first * ROW & (larger.length - 1);
    System.arraycopy(rows, oldest, larger, to, rows.length - oldest);
    System.arraycopy(rows, 0, larger, (to + rows.length - oldest) & (larger.length - 1), oldest);
    rows = larger;
  }
}
