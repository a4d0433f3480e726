package org.djlrunner.hook;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlrunner.checkpoint.BestFiles;
import org.djlrunner.checkpoint.BetterScore;

/**
 * Which best checkpoints are kept: for each metric the k with the best results of evaluations.
 *
 * @param metrics names of evaluation results; empty for the first result of the first evaluation,
 *     whichever that is
 * @param better how results compare
 * @param keep how many files for each metric, 1 or more
 */
public record SaveBest(List<String> metrics, BetterScore better, int keep) {
  private static final BetterScore BY_NAME =
      (metric, score, than) -> EarlyStopping.Rule.of(metric).isBetter(score, than, 0);

  /** Rejects metrics whose files would have the same names. */
  public SaveBest {
    metrics = List.copyOf(metrics);
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 best file must be kept, got " + keep);
    }
    Map<String, String> byName = new HashMap<>();
    for (String metric : metrics) {
      String same = byName.put(BestFiles.name(metric, ""), metric);
      if (same != null) {
        throw new IllegalArgumentException(
            "the best files of '" + same + "' and '" + metric + "' would have the same names");
      }
    }
  }

  /** The best file of each metric; less is better where a name holds {@code loss}, else more. */
  public static SaveBest of(String... metrics) {
    return new SaveBest(List.of(metrics), BY_NAME, 1);
  }

  /** The best file by the first result of the first evaluation. */
  public static SaveBest auto() {
    return of();
  }

  /** The same with another comparison. */
  public SaveBest better(BetterScore comparison) {
    return new SaveBest(metrics, comparison, keep);
  }

  /** The same with more files for each metric. */
  public SaveBest keep(int files) {
    return new SaveBest(metrics, better, files);
  }
}
