package org.djlrunner.build;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.hook.BestRule;
import org.djlrunner.hook.BestSpec;
import org.djlrunner.hook.EarlyStopping.Rule;
import org.djlrunner.hook.EvalSchedule;

/** Reads what MMCV's evaluation hook takes from a config's {@code evaluation}. */
public final class EvaluationConfig {
  private static final String SAVE_BEST = "save_best";

  private EvaluationConfig() {}

  /**
   * {@code interval} (default 1), {@code start} (default none) and {@code by_epoch} (default what
   * the runner counts); wrong ones are reported and replaced.
   */
  public static EvalSchedule schedule(ConfigReader config, Every.Unit runnerUnit) {
    int interval = config.integer("interval", 1);
    config.require(interval >= 1, "interval", "must be at least 1, got " + interval);
    OptionalInt start = config.optionalInteger("start");
    boolean fits = start.isEmpty() || start.getAsInt() >= 0;
    config.require(fits, "start", "must be 0 or more, got " + start.orElse(0));
    Every.Unit unit =
        config.bool("by_epoch", runnerUnit == Every.Unit.EPOCH)
            ? Every.Unit.EPOCH
            : Every.Unit.ITER;
    return new EvalSchedule(
        new Every(Math.max(1, interval), unit), fits ? start : OptionalInt.empty());
  }

  /**
   * {@code save_best} (a name, a list of names or {@code auto}), {@code rule} ({@code greater} or
   * {@code less}), {@code greater_keys} and {@code less_keys} (a name or a list); empty without
   * {@code save_best}, and where something is wrong, which is reported.
   *
   * @param evaluation the evaluation's name, empty for none
   * @param defaults the keys where the config gives none
   */
  public static Optional<BestSpec> best(ConfigReader config, String evaluation, BestRule defaults) {
    int before = config.problems();
    List<String> keys = names(config, SAVE_BEST, List.of());
    Optional<Rule> rule =
        config.has("rule")
            ? Optional.of(config.choice("rule", Rule.class, Rule.GREATER))
            : Optional.empty();
    BestRule inference =
        new BestRule(
            names(config, "greater_keys", defaults.greaterKeys()),
            names(config, "less_keys", defaults.lessKeys()));
    if (!config.has(SAVE_BEST) || config.problems() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BestSpec(evaluation, keys, rule, inference));
    } catch (IllegalArgumentException e) {
      config.error(SAVE_BEST, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A name or a list of names. */
  private static List<String> names(ConfigReader config, String key, List<String> fallback) {
    if (config.isSequence(key) || !config.has(key)) {
      return config.strings(key, fallback);
    }
    return List.of(config.string(key));
  }
}
