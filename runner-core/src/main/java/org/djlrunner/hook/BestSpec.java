package org.djlrunner.hook;

import java.util.List;
import java.util.Optional;
import org.djlrunner.hook.EarlyStopping.Rule;

/**
 * Which evaluation results decide what the best checkpoint is, and what better means.
 *
 * <p>A value only: {@link BestScore} compares, and whoever saves checkpoints writes the files.
 *
 * @param evaluation the name of the evaluation whose results are meant, empty for the one without
 * @param keys results by the names they have within the evaluation, each with a best of its own;
 *     {@link #AUTO} for the first result that the evaluation reports
 * @param rule what better means, empty to tell it from each name
 * @param inference tells it
 */
public record BestSpec(
    String evaluation, List<String> keys, Optional<Rule> rule, BestRule inference) {
  /** The key that stands for the first result. */
  public static final String AUTO = "auto";

  /**
   * Rejects what would never decide anything.
   *
   * @throws IllegalArgumentException if there is no key, if one comes twice, or if its name doesn't
   *     tell what better means and no rule does
   */
  public BestSpec {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("name at least one result, or auto");
    }
    if (keys.stream().distinct().count() < keys.size()) {
      throw new IllegalArgumentException("each result can be named once, got " + keys);
    }
    if (rule.isEmpty()) {
      for (String key : keys) {
        if (!key.equals(AUTO)) {
          inferred(inference, key);
        }
      }
    }
  }

  /** The best by these results, by the rules of their names. */
  public static BestSpec of(String... keys) {
    return new BestSpec("", List.of(keys), Optional.empty(), BestRule.DEFAULT);
  }

  /**
   * What better means for a result.
   *
   * @param key its name within the evaluation
   * @throws IllegalArgumentException if neither the rule nor its name tells
   */
  public Rule ruleOf(String key) {
    return rule.orElseGet(() -> inferred(inference, key));
  }

  /** The name that a result of this evaluation has in logs and in the run's results. */
  public String fullName(String key) {
    return evaluation.isEmpty() ? key : evaluation + "/" + key;
  }

  private static Rule inferred(BestRule inference, String key) {
    return inference
        .of(key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the name '"
                        + key
                        + "' doesn't tell whether more or less of it is better; say rule: greater"
                        + " or rule: less, or list it among greater_keys or less_keys"));
  }
}
