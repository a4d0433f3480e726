package org.djlrunner.djl.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Options by PyTorch's names, flags as 0 or 1. */
final class OptionValues {
  static final String MAXIMIZE = "maximize";
  static final String WEIGHT_DECAY = "weight_decay";
  static final String EPS = "eps";

  private OptionValues() {}

  /** Names and values in turn, in the order given; values are numbers or flags. */
  static Map<String, Double> of(Object... namesAndValues) {
    Map<String, Double> options = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      double number = value instanceof Boolean flag ? (flag ? 1 : 0) : (Double) value;
      options.put((String) namesAndValues[i], number);
    }
    return options;
  }

  static double number(Map<String, Double> options, String name) {
    Double value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("option '" + name + "' is missing among " + options);
    }
    return value;
  }

  static boolean flag(Map<String, Double> options, String name) {
    return number(options, name) != 0;
  }

  /** An optimizer's options with a group's own in place of them. */
  static Map<String, Double> merge(Map<String, Double> defaults, GroupSpec group) {
    Map<String, Double> merged = new LinkedHashMap<>(defaults);
    group
        .options()
        .forEach(
            (name, value) -> {
              if (merged.replace(name, value) == null) {
                throw new IllegalArgumentException(
                    "parameter group '"
                        + group.name()
                        + "' has an unknown option '"
                        + name
                        + "'; this optimizer has "
                        + defaults.keySet());
              }
            });
    return merged;
  }
}
