package org.djlrunner;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param stopReason why it ended
 * @param progress the final counters
 * @param metrics the newest evaluation results by name, empty when nothing was evaluated
 */
public record RunResult(StopReason stopReason, Progress progress, Map<String, Double> metrics) {
  /** Keeps its own copy of the metrics. */
  public RunResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
