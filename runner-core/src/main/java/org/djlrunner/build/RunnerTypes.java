package org.djlrunner.build;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.NearNames;
import org.djlrunner.config.Registry;
import org.jspecify.annotations.Nullable;

/** The runners that a config can name. */
public final class RunnerTypes {
  private static final String CONSTRUCTOR = "constructor";
  private static final String DEFAULT_CONSTRUCTOR = "DefaultRunnerConstructor";
  private static final String MAX_DURATION = "max_duration";

  private RunnerTypes() {}

  /**
   * {@code EpochBasedRunner} with {@code max_epochs}, also under its older name {@code Runner}, and
   * {@code IterBasedRunner} with {@code max_iters}; both with {@code max_duration}, in seconds or
   * as text such as {@code 1h30m}. Applications add their own.
   */
  public static Registry<RunnerSpec> shipped() {
    return new Registry<RunnerSpec>("runner")
        .register("EpochBasedRunner", config -> limited(config, Every.Unit.EPOCH, "max_epochs"))
        .register("IterBasedRunner", config -> limited(config, Every.Unit.ITER, "max_iters"))
        .register("Runner", config -> limited(config, Every.Unit.EPOCH, "max_epochs"));
  }

  private static RunnerSpec limited(ConfigReader config, Every.Unit unit, String key) {
    int limit = config.integer(key);
    config.require(limit >= 1 || !config.has(key), key, "must be at least 1, got " + limit);
    String constructor = config.string(CONSTRUCTOR, DEFAULT_CONSTRUCTOR);
    config.require(
        constructor.equals(DEFAULT_CONSTRUCTOR),
        CONSTRUCTOR,
        "unknown constructor '"
            + constructor
            + "'"
            + NearNames.suggestion(constructor, List.of(DEFAULT_CONSTRUCTOR))
            + "; for a runner built in another way register a type of your own");
    return new LimitedRunner(unit, limit, duration(config));
  }

  private static @Nullable Duration duration(ConfigReader config) {
    if (!config.has(MAX_DURATION)) {
      return null;
    }
    Duration duration = Duration.ZERO;
    if (config.node(MAX_DURATION).orElseThrow() instanceof ConfigNode.Value value
        && value.value() instanceof String text) {
      try {
        duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      } catch (DateTimeParseException e) {
        config.error(
            MAX_DURATION, "expected seconds or a time such as 1h30m, got the text '" + text + "'");
        return null;
      }
    } else {
      duration = Duration.ofNanos(Math.round(config.number(MAX_DURATION) * 1e9));
    }
    boolean positive = !duration.isZero() && !duration.isNegative();
    config.require(
        positive, MAX_DURATION, "must be above zero, got " + duration.toSeconds() + " s");
    return positive ? duration : null;
  }
}
