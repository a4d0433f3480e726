package org.djlrunner.schedule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An option that is the same for all parameter groups or has a value for each. */
public sealed interface PerGroup {
  /**
   * The value of each group.
   *
   * @throws IllegalArgumentException if there are values for more or fewer groups, or none for this
   *     optimizer
   */
  List<Double> of(GroupBases groups);

  /** One value for all groups of all optimizers. */
  record Same(double value) implements PerGroup {
    @Override
    public List<Double> of(GroupBases groups) {
      return Collections.nCopies(groups.initial().size(), value);
    }
  }

  /** A value for each group, the same for every optimizer. */
  record Each(List<Double> values) implements PerGroup {
    /** Copies the values. */
    public Each {
      values = List.copyOf(values);
    }

    @Override
    public List<Double> of(GroupBases groups) {
      int expected = groups.initial().size();
      if (values.size() != expected) {
        throw new IllegalArgumentException(
            String.format(
                "%s are %d values, but optimizer '%s' has %d parameter groups",
                values, values.size(), groups.names().get(0), expected));
      }
      return values;
    }
  }

  /** Values by optimizer: its name or, for a run's only one, its class. */
  record Named(Map<String, List<Double>> values) implements PerGroup {
    /** Copies the map, in order. */
    public Named {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    @Override
    public List<Double> of(GroupBases groups) {
      for (String name : groups.names()) {
        List<Double> own = values.get(name);
        if (own != null) {
          return new Each(own).of(groups);
        }
      }
      throw new IllegalArgumentException(
          "there is no value for optimizer '"
              + groups.names().get(0)
              + "' among "
              + values.keySet());
    }
  }
}
