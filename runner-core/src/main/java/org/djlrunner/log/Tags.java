package org.djlrunner.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record as the scalars that trackers show, under MMCV's tags: {@code MODE/NAME} for values, and
 * {@code learning_rate} and {@code momentum} of the first group, with {@code /OPTIMIZER} behind
 * where there are several.
 *
 * <p>As in MMCV the times are left out; beside its tags there are {@code MODE/samples_per_s} and
 * the memory as {@code MODE/memory} and {@code MODE/heap}, in MiB.
 */
public final class Tags {
  private Tags() {}

  /** All tags of a record, in order. */
  public static Map<String, Double> of(LogRecord record) {
    Map<String, Double> tags = new LinkedHashMap<>();
    String mode = record.mode().name() + "/";
    record.results().forEach((name, value) -> tags.put(mode + name, value));
    firstGroups(tags, "learning_rate", record.learningRates());
    firstGroups(tags, "momentum", record.momenta());
    Double speed = record.values().get(LogRecord.SAMPLES_PER_SECOND);
    if (speed != null) {
      tags.put(mode + LogRecord.SAMPLES_PER_SECOND, speed);
    }
    record.memory().forEach((kind, mib) -> tags.put(mode + kind, (double) mib));
    return tags;
  }

  private static void firstGroups(
      Map<String, Double> tags, String name, Map<String, List<Double>> byOptimizer) {
    byOptimizer.forEach(
        (optimizer, groups) ->
            tags.put(byOptimizer.size() == 1 ? name : name + "/" + optimizer, groups.get(0)));
  }
}
