package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.hook.CheckpointHook;
import org.djlrunner.hook.GradClip;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LoggerHook;
import org.djlrunner.hook.OptimizerHook;
import org.djlrunner.hook.Priority;

/** Reads the config's sections that become hooks. */
final class HooksSection {
  private HooksSection() {}

  /**
   * A custom hook and where it goes.
   *
   * @param hook the hook
   * @param priority its place in the order, empty for the hook's own
   */
  record Custom(HookSpec hook, Optional<Priority> priority) {}

  /** {@code optimizer_config}: {@code grad_clip: {max_norm, norm_type}} or null. */
  static OptimizerHook optimizer(Optional<ConfigReader> section) {
    if (section.isEmpty()) {
      return new OptimizerHook();
    }
    ConfigReader config = section.get();
    Optional<GradClip> clip = config.optionalSection("grad_clip").flatMap(HooksSection::gradClip);
    config.finish();
    return new OptimizerHook(clip.orElse(null));
  }

  /** {@code checkpoint_config}: {@code interval} (default 1), {@code by_epoch, save_last}. */
  static CheckpointHook checkpoint(ConfigReader config, Every.Unit runnerUnit) {
    CheckpointHook hook =
        new CheckpointHook(
            new Every(config.integer("interval", 1), ScheduleSection.unit(config, runnerUnit)),
            config.bool("save_last", true));
    config.finish();
    return hook;
  }

  /** {@code log_config}: text and JSON lines unless {@code hooks} says otherwise. */
  static List<Hook> loggers(Optional<ConfigReader> section, Every.Unit runnerUnit) {
    if (section.isEmpty()) {
      return List.of(LoggerHook.text(10, runnerUnit), LoggerHook.jsonLines(10, runnerUnit));
    }
    ConfigReader config = section.get();
    int interval = positive(config, "interval", 10);
    List<Hook> hooks = new ArrayList<>();
    if (config.has("hooks")) {
      Registry<Hook> types = loggerTypes(interval, runnerUnit);
      config.sections("hooks").forEach(entry -> types.build(entry).ifPresent(hooks::add));
    } else {
      hooks.add(LoggerHook.text(interval, runnerUnit));
      hooks.add(LoggerHook.jsonLines(interval, runnerUnit));
    }
    config.finish();
    return hooks;
  }

  /** {@code custom_hooks}: a list of maps, each naming its hook and, if wanted, a priority. */
  static List<Custom> custom(List<ConfigReader> entries, Registry<HookSpec> types) {
    List<Custom> hooks = new ArrayList<>();
    for (ConfigReader entry : entries) {
      Optional<Priority> priority =
          entry.has("priority") ? priority(entry) : Optional.<Priority>empty();
      types.build(entry).ifPresent(hook -> hooks.add(new Custom(hook, priority)));
    }
    return hooks;
  }

  private static Optional<GradClip> gradClip(ConfigReader config) {
    double maxNorm = config.number("max_norm");
    double normType = normType(config);
    config.finish();
    config.require(maxNorm >= 0, "max_norm", "must be 0 or more, got " + maxNorm);
    config.require(normType > 0, "norm_type", "must be above 0, got " + normType);
    return maxNorm >= 0 && normType > 0
        ? Optional.of(new GradClip(maxNorm, normType))
        : Optional.empty();
  }

  /** A number, or {@code inf} for the largest magnitude, as YAML or as MMCV's configs write it. */
  private static double normType(ConfigReader config) {
    boolean infinite =
        config
            .node("norm_type")
            .filter(node -> node instanceof ConfigNode.Value)
            .map(node -> String.valueOf(((ConfigNode.Value) node).value()))
            .filter(text -> text.equals("inf") || text.equals("Infinity"))
            .isPresent();
    return infinite ? Double.POSITIVE_INFINITY : config.number("norm_type", 2);
  }

  private static Registry<Hook> loggerTypes(int interval, Every.Unit runnerUnit) {
    return new Registry<Hook>("logger hook")
        .register(
            "TextLoggerHook",
            c ->
                LoggerHook.text(
                    positive(c, "interval", interval), ScheduleSection.unit(c, runnerUnit)))
        .register(
            "JsonLoggerHook",
            c ->
                LoggerHook.jsonLines(
                    positive(c, "interval", interval), ScheduleSection.unit(c, runnerUnit)));
  }

  private static Optional<Priority> priority(ConfigReader entry) {
    try {
      return Optional.of(Priority.named(entry.string("priority")));
    } catch (IllegalArgumentException e) {
      entry.error("priority", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static int positive(ConfigReader config, String key, int fallback) {
    int value = config.integer(key, fallback);
    config.require(value >= 1, key, "must be at least 1, got " + value);
    return Math.max(1, value);
  }
}
