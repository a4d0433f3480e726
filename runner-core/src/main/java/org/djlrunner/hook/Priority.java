package org.djlrunner.hook;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The order of hooks within a stage: smaller runs earlier; equals run in order of registration.
 *
 * @param value 0 to 100
 */
public record Priority(int value) implements Comparable<Priority> {
  public static final Priority HIGHEST = new Priority(0);

  /** Learning-rate schedules. */
  public static final Priority VERY_HIGH = new Priority(10);

  /** Momentum schedules. */
  public static final Priority HIGH = new Priority(30);

  /** The optimizer hook. */
  public static final Priority ABOVE_NORMAL = new Priority(40);

  /** Hooks that don't say otherwise. */
  public static final Priority NORMAL = new Priority(50);

  public static final Priority BELOW_NORMAL = new Priority(60);

  /** The iteration timer, then evaluation. */
  public static final Priority LOW = new Priority(70);

  /** Checkpoints, then loggers. */
  public static final Priority VERY_LOW = new Priority(90);

  public static final Priority LOWEST = new Priority(100);

  private static final Map<String, Priority> NAMED = new LinkedHashMap<>();

  static {
    NAMED.put("HIGHEST", HIGHEST);
    NAMED.put("VERY_HIGH", VERY_HIGH);
    NAMED.put("HIGH", HIGH);
    NAMED.put("ABOVE_NORMAL", ABOVE_NORMAL);
    NAMED.put("NORMAL", NORMAL);
    NAMED.put("BELOW_NORMAL", BELOW_NORMAL);
    NAMED.put("LOW", LOW);
    NAMED.put("VERY_LOW", VERY_LOW);
    NAMED.put("LOWEST", LOWEST);
  }

  /** Rejects values outside 0 to 100. */
  public Priority {
    if (value < 0 || value > 100) {
      throw new IllegalArgumentException("a priority lies between 0 and 100, got " + value);
    }
  }

  /**
   * The priority of a name, in any case, such as {@code ABOVE_NORMAL}.
   *
   * @throws IllegalArgumentException if no priority has this name
   */
  public static Priority named(String name) {
    Priority priority = NAMED.get(name.toUpperCase(Locale.ROOT));
    if (priority == null) {
      throw new IllegalArgumentException(
          "unknown priority '" + name + "'; use 0 to 100 or one of " + NAMED.keySet());
    }
    return priority;
  }

  @Override
  public int compareTo(Priority other) {
    return Integer.compare(value, other.value);
  }

  /** The name, or the number where it has none. */
  @Override
  public String toString() {
    return NAMED.entrySet().stream()
        .filter(named -> named.getValue().value == value)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Integer.toString(value));
  }
}
