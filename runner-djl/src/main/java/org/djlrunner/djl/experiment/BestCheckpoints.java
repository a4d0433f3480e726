package org.djlrunner.djl.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.djlrunner.hook.BestSpec;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.djlrunner.hook.SaveBest;

/** Makes one choice of best checkpoints of what the evaluations say of their results. */
final class BestCheckpoints {
  private BestCheckpoints() {}

  /** Empty if no evaluation names a result; the largest number of files of all counts. */
  static Optional<SaveBest> of(List<EvaluationSection> evaluations) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    int keep = 1;
    for (EvaluationSection evaluation : evaluations) {
      if (evaluation.best().isPresent()) {
        BestSpec best = evaluation.best().get();
        keep = Math.max(keep, evaluation.keepBest());
        for (String key : best.keys()) {
          String result = key.equals(BestSpec.AUTO) ? first(evaluation) : key;
          rules.put(best.fullName(result), best.ruleOf(result));
        }
      }
    }
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        SaveBest.of(rules.keySet().toArray(String[]::new))
            .better(
                (metric, score, than) ->
                    Objects.requireNonNull(rules.get(metric), metric).isBetter(score, than, 0))
            .keep(keep));
  }

  /** The first metric; the loss only where there is none. */
  private static String first(EvaluationSection evaluation) {
    return evaluation.metrics().resultNames().stream().findFirst().orElse("loss");
  }
}
