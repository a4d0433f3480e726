package org.djlrunner.hook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation found.
 *
 * @param results the numbers by name, in the order to show
 * @param details JSON-like data that is no single number, such as a confusion matrix; may be empty
 * @param table the details as lines for people; may be empty
 * @param batches the batches it took
 */
public record EvaluationResult(
    Map<String, Double> results, Map<String, Object> details, List<String> table, int batches) {
  /** Keeps its own ordered copies. */
  public EvaluationResult {
    results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    table = List.copyOf(table);
  }

  /** The numbers by the names that they have in a run: behind the evaluation's, if it has one. */
  public Map<String, Double> named(String evaluation) {
    if (evaluation.isEmpty()) {
      return results;
    }
    Map<String, Double> named = new LinkedHashMap<>();
    results.forEach((name, value) -> named.put(evaluation + "/" + name, value));
    return named;
  }
}
