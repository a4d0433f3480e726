package org.djlrunner.metric;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The remembered values of one name, oldest first, in a ring of plain arrays.
 *
 * <p>Entries are numbered from 0 for good, so whoever waits for a value can find it again however
 * much was forgotten or grown in between.
 */
final class Series {
  private static final int FIRST_LENGTH = 16;
  private static final int ENTRY_BYTES = 2 * Double.BYTES + Long.BYTES + Integer.BYTES;
  private static final int MAX_ENTRIES = Integer.MAX_VALUE / ENTRY_BYTES;

  private final String name;
  private long[] steps = new long[FIRST_LENGTH];
  private int[] counts = new int[FIRST_LENGTH];
  private double[] values = new double[FIRST_LENGTH];
  private double[] weights = new double[FIRST_LENGTH];
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
    return steps[slot(number)];
  }

  /** What the value is multiplied with in a sum. */
  int count(long number) {
    return counts[slot(number)];
  }

  /** What the entry adds to that by which a sum is divided. */
  double weight(long number) {
    return weights[slot(number)];
  }

  double value(long number) {
    return values[slot(number)];
  }

  /** Sets a value that was not known when its entry was added. */
  void setValue(long number, double value) {
    values[slot(number)] = value;
  }

  /** Sets a weight that was not known when its entry was added. */
  void setWeight(long number, double weight) {
    weights[slot(number)] = weight;
  }

  /** Makes an entry whose value nobody will ever know count for nothing. */
  void weighNothing(long number) {
    values[slot(number)] = 0;
    weights[slot(number)] = 0;
  }

  /**
   * Adds an entry and returns its number.
   *
   * @param oldest the step before which entries may be forgotten to make room
   */
  long add(long step, double value, int count, double weight, long oldest) {
    if (end - first == steps.length) {
      forgetBefore(oldest);
      if (end - first == steps.length) {
        grow();
      }
    }
    int slot = slot(end);
    steps[slot] = step;
    values[slot] = value;
    counts[slot] = count;
    weights[slot] = weight;
    return end++;
  }

  /** Forgets the entries of steps before {@code oldest}. */
  void forgetBefore(long oldest) {
    while (first < end && steps[slot(first)] < oldest) {
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

  /** Lengths are powers of two. */
  private int slot(long number) {
    return (int) number & (steps.length - 1);
  }

  private void grow() {
    int length = steps.length * 2;
    long[] newSteps = new long[length];
    int[] newCounts = new int[length];
    double[] newValues = new double[length];
    double[] newWeights = new double[length];
    for (long number = first; number < end; number++) {
      int slot = (int) number & (length - 1);
      newSteps[slot] = step(number);
      newCounts[slot] = count(number);
      newValues[slot] = value(number);
      newWeights[slot] = weight(number);
    }
    steps = newSteps;
    counts = newCounts;
    values = newValues;
    weights = newWeights;
  }
}
