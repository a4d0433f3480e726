package org.djlrunner.djl.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.djlrunner.Every;
import org.djlrunner.config.ConfigNode;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.config.Registry;
import org.djlrunner.hook.Hook;
import org.djlrunner.hook.LoggerHook;
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

  /** {@code log_config}: text and JSON lines unless {@code hooks} says otherwise. */
  static List<Hook> loggers(Optional<ConfigReader> section, Every.Unit runnerUnit) {
    if (section.isEmpty()) {
      return List.of(LoggerHook.text(10, runnerUnit), LoggerHook.jsonLines(10, runnerUnit));
    }
    ConfigReader config = section.get();
    int interval = LoggerTypes.interval(config, 10);
    List<Hook> hooks = new ArrayList<>();
    if (config.has("hooks")) {
      LoggerTypes types = new LoggerTypes(interval, runnerUnit, System.getenv());
      hooks.addAll(types.build(config.sections("hooks")));
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

  /** A name, or a number from 0 to 100. */
  static Optional<Priority> priority(ConfigReader entry) {
    try {
      boolean number =
          entry.node("priority").orElseThrow() instanceof ConfigNode.Value value
              && value.value() instanceof Number;
      return Optional.of(
          number
              ? new Priority(entry.integer("priority"))
              : Priority.named(entry.string("priority")));
    } catch (IllegalArgumentException e) {
      entry.error("priority", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
